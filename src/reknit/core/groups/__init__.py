"""Groups, without any framework: who is in the room, who may join, the name check, turns, climate and the session's guide.

Owns the words roster, short name, turn, climate, name found and keystroke reckoning. It takes dates, counts and plain
text, and knows no client. Sources stand beside each number; what is marked "our default" is a programme setting.
"""
