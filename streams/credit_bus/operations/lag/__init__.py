"""What is late, for whom, and how soon it will hurt: pure functions of samples of offsets."""
