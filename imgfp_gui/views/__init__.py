"""What is drawn. Views hold no facts about photos: they ask models and tell the controller."""
