"""What the plates of two pictures tell under a map: numbers only, no judgement."""
