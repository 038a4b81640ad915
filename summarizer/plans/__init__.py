"""The ways to have an article read, and what they share: the state of one article on its way into a record.

``whole`` fills the draft of a schema in one request, or field by field; ``faceted`` asks a small model narrow
questions that code has made from the article. ``run`` holds the state, and makes the record. Only the
pipeline imports it.
"""
