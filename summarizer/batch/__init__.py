"""Many articles in one run: inputs, the runner, the store that makes a run resumable, output, batch files, Ray.

``items`` reads inputs, ``runner`` has the articles read, ``store`` keeps what is done, ``output`` writes
rows. ``provider_*`` and ``rounds`` exchange files with a provider's batch service, and ``ray_engine`` runs on
a cluster. Only ``cli`` imports this package, and ``summarizer`` itself for ``summarize_many``.
"""
