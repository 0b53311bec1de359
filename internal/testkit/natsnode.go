package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// nodeVariable has a test binary be one NATS server.
const nodeVariable = "JINGHE_TEST_NATS_NODE"

// node is what such a server is told.
type node struct {
	Name, Dir   string
	Port, Route int
	Routes      []string
}

// RunNATSNode is the NATS server that [NATSPrograms] starts: TestMain calls it
// first, and ends when it returns true.
func RunNATSNode() bool {
	told := os.Getenv(nodeVariable)
	if told == "" {
		return false
	}
	var n node
	if err := json.Unmarshal([]byte(told), &n); err != nil {
		panic(err)
	}
	o := &nats.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Dir, SyncAlways: true,
		Cluster: nats.ClusterOpts{Name: "jinghe", Host: "127.0.0.1", Port: n.Route},
	}
	for _, route := range n.Routes {
		u, err := url.Parse(route)
		if err != nil {
			panic(err)
		}
		o.Routes = append(o.Routes, u)
	}
	s, err := nats.NewServer(o)
	if err != nil {
		panic(err)
	}
	s.ConfigureLogger()
	s.Start()
	s.WaitForShutdown()
	return true
}

// NATSPrograms are three NATS servers of one cluster, each a process of its own.
type NATSPrograms struct {
	Nodes []*Program
	URLs  []string
}

// StartNATSPrograms starts the three; they keep their streams in dir, and end
// with the test. The test binary is what they run: see [RunNATSNode].
func StartNATSPrograms(t testing.TB, dir string) *NATSPrograms {
	t.Helper()
	const n = 3
	ports, all := Ports(t, 2*n), &NATSPrograms{}
	var routes []string
	for i := range n {
		routes = append(routes, (&url.URL{Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[n+i]))}).String())
	}
	for i := range n {
		name := fmt.Sprint("nats-", i+1)
		told, err := json.Marshal(node{Name: name, Dir: filepath.Join(dir, name), Port: ports[i], Route: ports[n+i], Routes: routes})
		if err != nil {
			t.Fatal(err)
		}
		p := NewProgram(t, name, dir, os.Args[0], nil, append(os.Environ(), nodeVariable+"="+string(told)))
		p.Start(t)
		all.Nodes = append(all.Nodes, p)
		all.URLs = append(all.URLs, (&url.URL{Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i]))}).String())
	}
	return all
}

// Leader returns the node that leads a stream, once one does.
func (c *NATSPrograms) Leader(t testing.TB, stream string) (leader *Program) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	until(t, time.Now().Add(startLimit), "nats: a leader of "+stream, func() bool {
		name := c.ask(ctx, stream)
		for _, p := range c.Nodes {
			if p.Name() == name {
				leader = p
			}
		}
		return leader != nil
	})
	return leader
}

// ask returns the name of the leader, or nothing while none can be told.
func (c *NATSPrograms) ask(ctx context.Context, stream string) string {
	for _, address := range c.URLs {
		conn, err := client.Connect(address, client.Timeout(time.Second))
		if err != nil {
			continue
		}
		defer conn.Close()
		js, err := jetstream.New(conn)
		if err != nil {
			continue
		}
		s, err := js.Stream(ctx, stream)
		if err == nil && s.CachedInfo().Cluster != nil {
			return s.CachedInfo().Cluster.Leader
		}
	}
	return ""
}
