// Package testkit finds the real programs that some tests need - a browser, a
// PostgreSQL server, a Meilisearch server - and runs them for one test.
//
// A test that needs such a program calls the function of its name first:
//
//	page := testkit.Chromium(t)
//	dsn := testkit.Postgres(t)
//
// Where the program is missing, the test is skipped and says what to install.
// The environment variable JINGHE_REQUIRE (a comma-separated list out of
// chromium, postgres and meilisearch) turns such a skip into a failure, so
// that a machine that should have the program cannot pass without it.
//
// Nothing is downloaded, no system service is touched, and everything that was
// started stops with the test. The package stands beside the floors: it imports
// nothing of this program and only tests may import it.
package testkit
