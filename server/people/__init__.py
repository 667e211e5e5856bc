"""People and how they prove who they are; holds no rule of the court and no route."""
