"""Real servers, real engines and a real client for the tests. Nothing in here is a stand-in."""
