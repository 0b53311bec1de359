package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"jinghe/internal/scene"
)

// A server that goes away in the middle of its answer is named as such, however
// the connection ends; an answer that is no answer stays an internal error.
func TestServerGoneInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer string
		want   scene.Code
	}{
		"before the answer": {"", scene.Unavailable},
		"after progress":    {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"progress\":{\"done\":1,\"total\":9}}\n", scene.Unavailable},
		"clean end":         {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", scene.Unavailable},
		"not JSON":          {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", scene.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := answering(t, tt.answer).Imports(t.Context())
			e, ok := errors.AsType[*scene.Error](err)
			if !ok || e.Code != tt.want || (tt.want == scene.Unavailable) != (e.Key == "control.cut_off") {
				t.Errorf("told %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := answering(t, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nPK").download(t.Context(), "/export", nil, io.Discard); !cut(err) {
		t.Errorf("half a file told as %v", err)
	}
}

func cut(err error) bool {
	e, ok := errors.AsType[*scene.Error](err)
	return ok && e.Key == "control.cut_off"
}

// answering returns a client of a server that reads a request, writes answer and goes away.
func answering(t *testing.T, answer string) *Client {
	t.Helper()
	dir, err := os.MkdirTemp("", "jh") //nolint:usetesting // short: a socket's path is bounded
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			in := bufio.NewReader(conn)
			for line := ""; line != "\r\n" && err == nil; {
				line, err = in.ReadString('\n')
			}
			fmt.Fprint(conn, answer)
			_ = conn.Close()
		}
	}()
	return clientOf(path)
}
