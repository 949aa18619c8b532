"""Small widgets and painting that several views share."""
