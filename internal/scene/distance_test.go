package scene

import "testing"

// TestDistance: characters count, whatever their bytes, and from either side alike.
func TestDistance(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a01", "a01", 0},
		{"", "a01", 3},
		{"a01", "a1", 1},
		{"a01", "b02", 2},
		{"一号厅", "二号厅", 1},
		{"主席台", "主台", 1},
		{"serve", "sevre", 2},
	} {
		if got := Distance(x.a, x.b); got != x.want || Distance(x.b, x.a) != got {
			t.Errorf("%q, %q: %d and %d, want %d", x.a, x.b, got, Distance(x.b, x.a), x.want)
		}
	}
}
