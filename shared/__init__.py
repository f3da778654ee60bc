"""The chassis that every subgraph runs on. It knows no business word."""
