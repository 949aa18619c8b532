"""What the controller is made of: the queue, what the user said of photos, steps that can be taken back, scanning and acting."""
