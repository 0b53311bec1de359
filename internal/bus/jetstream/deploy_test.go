package jetstream_test

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// TestDeployedConfig has the server itself read the configuration of
// docker-compose.yml: it is one, it keeps what it acknowledged, and nobody comes
// in without the password.
func TestDeployedConfig(t *testing.T) {
	const password = "n0123"
	t.Setenv("NATS_NAME", "nats-1")
	t.Setenv("NATS_PASSWORD", password)
	for _, route := range []string{"1", "2", "3"} {
		t.Setenv("NATS_ROUTE_"+route, "nats://jinghe:"+password+"@nats-"+route+":6222")
	}
	o, err := server.ProcessConfigFile("../../../deploy/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	if !o.JetStream || !o.SyncAlways || o.StoreDir != "/data" || o.HTTPPort != 8222 {
		t.Errorf("JetStream %t, each write synced %t, in %q, health on %d", o.JetStream, o.SyncAlways, o.StoreDir, o.HTTPPort)
	}
	if len(o.Routes) != 3 || o.ServerName != "nats-1" || o.Cluster.Name != "jinghe" {
		t.Errorf("server %q of cluster %q with routes %v", o.ServerName, o.Cluster.Name, o.Routes)
	}
	if o.Username != "jinghe" || o.Password != password || o.Cluster.Password != password {
		t.Error("somebody without the password may come in")
	}
}
