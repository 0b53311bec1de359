package edge

import "testing"

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for back, want := range map[string]string{
		"": "/", "/about": "/about", "/search?q=a b": "/search?q=a b", "//evil.example": "/", "https://evil.example": "/",
		`/\evil.example`: "/", "/a\r\nb": "/", "about": "/",
	} {
		if got := LocalPath(back, "/"); got != want {
			t.Errorf("%q: %q, want %q", back, got, want)
		}
	}
}
