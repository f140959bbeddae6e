"""What stands where: streets, drivable ground, obstacles, public spaces, street furniture."""
