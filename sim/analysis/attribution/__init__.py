"""Causes of the difference between two plans: lever shares, weight of mechanisms, and a typical history pair."""
