package scene

import "testing"

func TestClip(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		most int
		want string
	}{
		"Short":  {"供需对接", 5, "供需对接"},
		"Fits":   {"供需对接", 4, "供需对接"},
		"Longer": {"供需对接", 3, "供需…"},
		"Least":  {"供需", 1, "…"},
		"None":   {"", 1, ""},
	} {
		if got := Clip(tt.text, tt.most); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
