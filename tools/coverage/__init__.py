"""What OCCM understands, word for word, and what tfgen makes of each: a table found by trying."""
