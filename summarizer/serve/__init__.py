"""``summarizer serve``: a page and a JSON API over HTTP (extra ``[serve]``).

``api.py`` has the routes, ``types.py`` what they take and return, ``work.py`` reads articles for them,
``queue.py`` is the queue, ``guard.py`` checks each request before it reaches a route, ``server.py`` runs it
all. ``page/`` is the page, as static files. FastAPI is imported when the server is made, so nothing else of
the package waits for it.
"""
