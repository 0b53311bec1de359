package testkit

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// NATSConfigured starts a NATS server by the text of a configuration file, but
// on a free port of the loopback and with a directory of its own, and returns
// host and port. It stops with the test.
func NATSConfigured(t testing.TB, config string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := nats.ProcessConfigFile(path)
	if err != nil {
		t.Fatalf("nats: %v", err)
	}
	o.Host, o.Port, o.HTTPPort, o.NoSigs, o.NoLog, o.StoreDir = "127.0.0.1", Ports(t, 1)[0], 0, true, true, t.TempDir()
	c := &NATSCluster{options: []*nats.Options{o}, nodes: make([]*nats.Server, 1)}
	t.Cleanup(func() { c.Stop(0) })
	c.Start(t, 0)
	c.AwaitReady(t)
	return net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
}

// NATSUser is the connection of another system to a NATS server.
type NATSUser struct {
	conn *client.Conn
	js   jetstream.JetStream
}

// NATSAs connects as a user, with an inbox of its own name (_INBOX_name) where
// inbox says so. The connection closes with the test.
func NATSAs(t testing.TB, host, user, password string, inbox bool) *NATSUser {
	t.Helper()
	u := &NATSUser{}
	var options []client.Option
	if inbox {
		options = append(options, client.CustomInboxPrefix("_INBOX_"+user))
	}
	var err error
	address := url.URL{Scheme: "nats", User: url.UserPassword(user, password), Host: host}
	if u.conn, err = client.Connect(address.String(), options...); err != nil {
		t.Fatalf("nats: %v", err)
	}
	t.Cleanup(u.conn.Close)
	if u.js, err = jetstream.New(u.conn); err != nil {
		t.Fatalf("nats: %v", err)
	}
	return u
}

// AddReader makes a durable consumer of what comes from now on, as the person
// who runs the server would.
func (u *NATSUser) AddReader(t testing.TB, stream, name string, subjects ...string) {
	t.Helper()
	_, err := u.js.CreateConsumer(t.Context(), stream, jetstream.ConsumerConfig{
		Durable: name, FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverNewPolicy, AckPolicy: jetstream.AckExplicitPolicy,
	})
	if err != nil {
		t.Fatalf("nats: consumer %s: %v", name, err)
	}
}

// Take asks a consumer for its next message, acknowledges it and returns subject
// and body; empty where none came within a time.
func (u *NATSUser) Take(t testing.TB, stream, name string, within time.Duration) (subject string, body []byte) {
	t.Helper()
	c, err := u.js.Consumer(t.Context(), stream, name)
	if err != nil {
		t.Fatalf("nats: consumer %s: %v", name, err)
	}
	m, err := c.Next(jetstream.FetchMaxWait(within))
	if errors.Is(err, client.ErrTimeout) {
		return "", nil
	}
	if err != nil {
		t.Fatalf("nats: consumer %s: %v", name, err)
	}
	if err := m.DoubleAck(t.Context()); err != nil {
		t.Fatalf("nats: consumer %s: %v", name, err)
	}
	return m.Subject(), m.Data()
}

// Refused reports whether the server refuses to let the user publish to a
// subject, or subscribe to it.
func (u *NATSUser) Refused(t testing.TB, subject string, publish bool) bool {
	t.Helper()
	if publish {
		if err := u.conn.Publish(subject, []byte("{}")); err != nil {
			t.Fatalf("nats: %v", err)
		}
	} else {
		s, err := u.conn.SubscribeSync(subject)
		if err != nil {
			t.Fatalf("nats: %v", err)
		}
		defer func() { _ = s.Unsubscribe() }()
	}
	if err := u.conn.Flush(); err != nil { // the server refuses before it answers
		t.Fatalf("nats: %v", err)
	}
	kind := "Subscription to"
	if publish {
		kind = "Publish to"
	}
	err := u.conn.LastError()
	return errors.Is(err, client.ErrPermissionViolation) && strings.Contains(err.Error(), fmt.Sprintf("%s %q", kind, subject))
}
