"""Every text that a caller may send, by the contracts, held to the chassis' one rule at the subgraphs as they run."""
