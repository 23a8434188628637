"""Words for a comparison of plans: the answer, a small trade-off table, costs and savings by council, the method."""
