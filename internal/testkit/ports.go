package testkit

import (
	"net"
	"strconv"
	"testing"
)

// Ports returns n ports of the loopback that are the test's own until it ends: the
// system gives none of them to anybody else, also while nobody listens on it, and a
// connection to it is refused then. So a server is started on one, ended, and
// started again, whatever other tests do meanwhile.
func Ports(t testing.TB, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		port, release, err := reserve()
		if err != nil {
			t.Fatalf("reserve a port: %v", err)
		}
		t.Cleanup(release)
		ports[i] = port
	}
	return ports
}

// Address is 127.0.0.1 with one of the [Ports].
func Address(t testing.TB) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(Ports(t, 1)[0]))
}
