"""Many articles: read them in, keep a journal of what is done, write rows out."""
