"""The process that holds the embedded model: started by ``embedded.start`` as a script, never imported.

It reads one line of JSON settings from standard input, loads the model, and writes one line of JSON: the
``address`` it serves, or the ``error``. It then lives until its standard input ends, which happens when the
process that started it ends, in whatever way. It imports nothing of this package, so as to be up at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever C code prints is no answer
    settings = json.loads(sys.stdin.readline())
    sys.path[:] = settings.pop("sys_path")
    try:
        server = _serve(**settings)
    except ImportError as error:
        reply = {"error": "import", "detail": str(error)}
    except RuntimeError as error:
        reply = {"error": "load", "detail": str(error)}
    else:
        reply = {"address": server.listening_address}
    print(json.dumps(reply), file=answer, flush=True)
    sys.stdin.read()
    # Not a normal exit: that would wait for replies which nobody will read.
    os._exit(0)


def _serve(*, path: str, key: str, context: int, threads: int | None, parallel: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any that is free
    params.api_keys = [key]
    params.ui = False
    params.verbosity = 1  # errors only; the parent reads them if loading fails
    params.n_ctx = context
    # Slots do not share a prefix: four first questions at once about one article read it four times.
    params.n_parallel = parallel
    params.kv_unified = True
    # States of earlier articles, so that going back and forth between articles does not read them again.
    # About 45 MB for an article of 1,500 tokens with 1.5B; llama.cpp's own limit is 8 GB.
    params.cache_ram_mib = 512
    if threads is not None:
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
