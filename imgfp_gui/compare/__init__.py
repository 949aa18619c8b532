"""The photos of one cluster, compared: modes that show the same place of each, over one viewport. No mode knows another."""
