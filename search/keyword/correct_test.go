package keyword

import "testing"

func TestWithin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		a, b     string
		distance int
		want     bool
	}{
		{"低空经济", "低空经济", 0, true},
		{"低空经计", "低空经济", 1, true},
		{"数字生", "数字孪生", 1, true},
		{"机器器人", "机器人", 1, true},
		{"器机人", "机器人", 1, true}, // swapped
		{"kubernetes", "kubenates", 1, false},
		{"kubernetes", "kubenates", 2, true},
		{"abc", "xyz", 2, false},
		{"", "a", 1, true},
	}
	for _, c := range cases {
		if got := within([]rune(c.a), []rune(c.b), c.distance); got != c.want {
			t.Errorf("within(%s, %s, %d) = %t", c.a, c.b, c.distance, got)
		}
	}
}
