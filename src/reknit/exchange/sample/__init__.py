"""The made-up sample clinic. Every person and number in it is invented; it is made through the rooms' own actions."""
