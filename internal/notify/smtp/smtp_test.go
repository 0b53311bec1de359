package smtp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"jinghe/internal/notify/smtp"
	"jinghe/internal/scene"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// letterbox is a server that takes one letter (RFC 5321) and hands it on.
func letterbox(t *testing.T, refuse bool) (address string, letter <-chan string) {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	var work sync.WaitGroup
	open := make(chan net.Conn, 1)
	work.Go(func() { // ends with the connection, or with the listener
		if c, err := l.Accept(); err == nil {
			open <- c
			got <- talk(c, refuse)
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		select {
		case c := <-open: // also one that the client left open
			_ = c.Close()
		default:
		}
		work.Wait()
	})
	return "smtp+plain://" + l.Addr().String(), got
}

func talk(c net.Conn, refuse bool) string {
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 letterbox")
	in, data, reading := bufio.NewScanner(c), strings.Builder{}, false
	for in.Scan() {
		line := in.Text()
		switch {
		case reading && line == ".":
			reading = false
			say("250 taken")
		case reading:
			data.WriteString(line + "\n")
		case strings.HasPrefix(line, "RCPT") && refuse:
			say("550 nobody of that name")
		case line == "DATA":
			reading = true
			say("354 go on")
		case line == "QUIT":
			say("221 bye")
			return data.String()
		default:
			data.WriteString(line + "\n")
			say("250 ok")
		}
	}
	return data.String()
}

func TestSend(t *testing.T) {
	t.Parallel()
	address, letter := letterbox(t, false)
	s, err := smtp.New(address, "centre@example.cn", smtp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), "zhang@example.cn", "请验证您的邮箱", "open https://scene.example.cn/x"); err != nil {
		t.Fatal(err)
	}
	text := <-letter
	for _, want := range []string{
		"MAIL FROM:<centre@example.cn>", "RCPT TO:<zhang@example.cn>", "=?UTF-8?q?=E8=AF=B7", "https://scene.example.cn/x", "Message-ID: <", "Date: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
}

func TestSendFails(t *testing.T) {
	t.Parallel()
	box := func() string {
		address, _ := letterbox(t, true)
		return address
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx         context.Context
		address, to string
	}{
		"Refused":  {t.Context(), box(), "nobody@example.cn"},
		"Away":     {t.Context(), "smtp+plain://127.0.0.1:1", "zhang@example.cn"},
		"Ended":    {ended, "smtp+plain://127.0.0.1:1", "zhang@example.cn"},
		"Header":   {t.Context(), box(), "zhang@example.cn\r\nBcc: all@example.cn"},
		"NoTLS":    {t.Context(), strings.Replace(box(), "smtp+plain", "smtp", 1), "zhang@example.cn"},
		"NoServer": {t.Context(), "smtps://127.0.0.1:1", "zhang@example.cn"},
	} {
		s, err := smtp.New(tt.address, "centre@example.cn", smtp.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.Send(tt.ctx, tt.to, "x", "y"); scene.CodeOf(err) != scene.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ address, from, key string }{
		"OK":       {"smtp://u:p@mail.example.cn:587", "centre@example.cn", ""},
		"Port":     {"smtps://mail.example.cn", "centre@example.cn", ""},
		"Scheme":   {"http://mail.example.cn", "centre@example.cn", "config.smtp"},
		"NoHost":   {"smtp://", "centre@example.cn", "config.smtp"},
		"BadPort":  {"smtp://mail.example.cn:99999999", "centre@example.cn", "config.smtp"},
		"Path":     {"smtp://mail.example.cn/x", "centre@example.cn", "config.smtp"},
		"From":     {"smtp://mail.example.cn", "centre", "config.mail_from"},
		"FromEvil": {"smtp://mail.example.cn", "a@b.cn\r\nBcc: x@y.cn", "config.mail_from"},
	} {
		_, err := smtp.New(tt.address, tt.from, smtp.Options{})
		e, ok := errors.AsType[*scene.Error](err)
		if (tt.key == "") != (err == nil) || ok && e.Key != tt.key {
			t.Errorf("%s: %v, want %q", name, err, tt.key)
		}
	}
}
