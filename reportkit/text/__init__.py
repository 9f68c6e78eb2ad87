"""What a sentence is made of."""
