package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/app"
	"jinghe/internal/commandline"
)

// TestDemoObeys: a demo is reached, framed and named as the variables say, as a city
// of its own is, and touches nothing that such a city keeps.
func TestDemoObeys(t *testing.T) {
	t.Parallel()
	variables := map[string]string{
		"JINGHE_EMBED_ORIGINS": "https://portal.example,http://localhost:3000", "JINGHE_API_ORIGINS": "https://portal.example", "JINGHE_CENTRE_NAME": "某市场景中心",
		"JINGHE_PUBLIC_URL": "https://demo.example", "JINGHE_TRUSTED_PROXIES": "10.0.0.0/8", "JINGHE_WEBHOOK_NETWORKS": "192.168.0.0/16",
		"JINGHE_DATA": "/srv/city", "JINGHE_STORE": "postgres://city", "JINGHE_NATS": "nats://city", "JINGHE_SMTP": "smtp://city", "JINGHE_MEILISEARCH_URL": "http://city",
	}
	var commands cli
	line, err := commandline.Read("jinghe", &commands, []string{"demo"}, func(name string) (string, bool) {
		value, set := variables[name]
		return value, set
	})
	if err != nil {
		t.Fatal(err)
	}
	want := app.Defaults()
	want.LogLevel = "warn"
	want.Outside = app.Outside{
		PublicURL: "https://demo.example", TrustedProxies: []string{"10.0.0.0/8"}, CentreName: "某市场景中心", APIOrigins: []string{"https://portal.example"},
		EmbedOrigins: []string{"https://portal.example", "http://localhost:3000"}, WebhookNetworks: []string{"192.168.0.0/16"},
	}
	cmd, ok := line.Verb.(*demoCmd)
	if !ok {
		t.Fatalf("read %T", line.Verb)
	}
	if diff := cmp.Diff(want, cmd.config()); diff != "" {
		t.Error(diff)
	}
}
