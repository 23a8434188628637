"""Regions of varied inputs: failures, the winning plan by place, and plans that stay good everywhere."""
