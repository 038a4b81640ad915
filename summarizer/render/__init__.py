"""What a record looks like: in a terminal, as Markdown and as HTML, for a record of any schema."""
