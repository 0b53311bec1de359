package testkit

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"
)

// NATS starts a NATS server with JetStream on a free port of the loopback and
// returns its address. It stops with the test.
func NATS(t testing.TB) string {
	t.Helper()
	return StartNATS(t, 1).Addresses()[0]
}

// NATSCluster is one NATS server or several that hold streams together, inside
// the process of the test and reached through the loopback.
type NATSCluster struct {
	options []*nats.Options
	nodes   []*nats.Server
}

// StartNATS starts n servers that know each other; n is 1, 3 or 5. They stop
// with the test. Every write is synced, as the documents ask of a real one.
func StartNATS(t testing.TB, n int) *NATSCluster {
	t.Helper()
	c := &NATSCluster{nodes: make([]*nats.Server, n)}
	ports, dir := Ports(t, 2*n), t.TempDir()
	var routes []*url.URL
	for i := range n {
		routes = append(routes, &url.URL{Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[n+i]))})
	}
	for i := range n {
		o := &nats.Options{
			ServerName: fmt.Sprint("n", i+1), Host: "127.0.0.1", Port: ports[i], NoSigs: true, NoLog: true,
			JetStream: true, StoreDir: filepath.Join(dir, strconv.Itoa(i+1)), SyncAlways: true,
		}
		if n > 1 {
			o.Cluster = nats.ClusterOpts{Name: "jinghe", Host: "127.0.0.1", Port: ports[n+i]}
			o.Routes = routes
		}
		c.options = append(c.options, o)
	}
	t.Cleanup(func() {
		for i := range n {
			c.Stop(i)
		}
	})
	for i := range n {
		c.Start(t, i)
	}
	c.AwaitReady(t)
	return c
}

// Addresses returns the address of each node.
func (c *NATSCluster) Addresses() []string {
	list := make([]string, len(c.options))
	for i, o := range c.options {
		list[i] = (&url.URL{Scheme: "nats", Host: net.JoinHostPort(o.Host, strconv.Itoa(o.Port))}).String()
	}
	return list
}

// Stop ends node i, counted from 0; one that is down stays so.
func (c *NATSCluster) Stop(i int) {
	if s := c.nodes[i]; s != nil {
		s.Shutdown()
		s.WaitForShutdown()
		c.nodes[i] = nil
	}
}

// Start starts node i, counted from 0, on its own port and files.
func (c *NATSCluster) Start(t testing.TB, i int) {
	t.Helper()
	s, err := nats.NewServer(c.options[i].Clone())
	if err != nil {
		t.Fatalf("nats: %v", err)
	}
	c.nodes[i] = s
	s.Start()
}

// AwaitReady waits until every node that was started takes connections and, in
// a cluster, has caught up with the others in the streams named.
func (c *NATSCluster) AwaitReady(t testing.TB, streams ...string) {
	t.Helper()
	limit := time.Now().Add(startLimit)
	for i, s := range c.nodes {
		if s == nil {
			continue
		}
		if !s.ReadyForConnections(time.Until(limit)) {
			t.Fatalf("nats: node %d not ready within %v", i, startLimit)
		}
		if len(c.nodes) == 1 {
			return
		}
		until(t, limit, fmt.Sprint("nats: a leader known to node ", i), s.JetStreamIsCurrent)
		for _, stream := range streams {
			until(t, limit, fmt.Sprint("nats: ", stream, " complete on node ", i), func() bool {
				return s.JetStreamIsStreamCurrent(nats.DEFAULT_GLOBAL_ACCOUNT, stream)
			})
		}
	}
}

// Leader returns the node that leads a stream.
func (c *NATSCluster) Leader(t testing.TB, stream string) (node int) {
	t.Helper()
	until(t, time.Now().Add(startLimit), "nats: a leader of "+stream, func() bool {
		node = slices.IndexFunc(c.nodes, func(s *nats.Server) bool {
			return s != nil && s.JetStreamIsStreamLeader(nats.DEFAULT_GLOBAL_ACCOUNT, stream)
		})
		return node >= 0
	})
	return node
}

// until asks every 20 ms until it holds, and fails the test at the limit.
func until(t testing.TB, limit time.Time, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Until(limit))
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within %v", what, startLimit)
		}
	}
}
