package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/testkit"
)

// documented returns the text of a block of docs/doors.md, so that what people
// copy from there is what is tried here.
func documented(t *testing.T, language string) string {
	t.Helper()
	raw, err := os.ReadFile("../../docs/doors.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(raw)
	if block == nil {
		t.Fatalf("docs/doors.md has no block of %s", language)
	}
	return string(block[1])
}

// TestOutsideSubscriber runs the program on a NATS server with the accounts of
// the documents: another system reads what its consumer was made for, goes on
// where it stopped, and can do nothing else.
func TestOutsideSubscriber(t *testing.T) {
	t.Parallel()
	const stream, name = "jinghe_v1", "portal"
	host := testkit.NATSConfigured(t, documented(t, "conf"))
	data := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan result, 1)
	go func() {
		served <- serving(ctx, t, "--data", data, "--nats", "nats://jinghe:change-this-1@"+host)
	}()
	awaitServer(t, data)
	testkit.NATSAs(t, host, "jinghe", "change-this-1", false).AddReader(t, stream, name, "jinghe.v1.capability.changed")
	portal := testkit.NATSAs(t, host, name, "change-this-2", true)

	jinghe(t, "import", "--data", data, write(t, "both.csv", needsCSV)).want(t, exitDone, "新增 2")
	jinghe(t, "import", "--data", data, write(t, "offers.csv", offersCSV)).want(t, exitDone, "新增 3")
	if n := reads(t, portal, stream, name, 3); n != 3 {
		t.Errorf("it read of %d capabilities, want 3", n)
	}
	more := strings.Replace(offersCSV, "毫米波跌倒监测雷达", "另一种跌倒监测雷达", 1)
	jinghe(t, "import", "--data", data, write(t, "more.csv", more)).want(t, exitDone)
	again := testkit.NATSAs(t, host, name, "change-this-2", true)
	if n := reads(t, again, stream, name, 1); n != 1 {
		t.Errorf("after it came again it read of %d capabilities, want 1", n)
	}

	for _, subject := range []string{"jinghe.v1.>", "jinghe.v1.capability.changed", "jinghe.peers.>", "jinghe.dead.>", "_INBOX.>", ">"} {
		if !again.Refused(t, subject, false) {
			t.Errorf("it may subscribe to %s", subject)
		}
	}
	for _, subject := range []string{
		"jinghe.v1.capability.changed", "jinghe.peers.x", "$JS.API.STREAM.PURGE." + stream, "$JS.API.STREAM.DELETE." + stream,
		"$JS.API.STREAM.MSG.GET." + stream, "$JS.API.CONSUMER.CREATE." + stream + ".other.jinghe.v1.>", "$JS.API.CONSUMER.DELETE." + stream + "." + name,
		"$JS.API.CONSUMER.MSG.NEXT." + stream + ".webhooks", "$JS.ACK." + stream + ".webhooks.1.1.1.1.1",
	} {
		if !again.Refused(t, subject, true) {
			t.Errorf("it may publish to %s", subject)
		}
	}
	stop()
	(<-served).want(t, exitDone)
}

// reads takes what comes to a consumer until it tells of so many rows of
// capabilities and no more comes for a second, and returns how many rows it tells of;
// it is the right form, and of nothing else.
func reads(t *testing.T, u *testkit.NATSUser, stream, name string, want int) int {
	t.Helper()
	var rows []string
	for began := time.Now(); ; {
		subject, body := u.Take(t, stream, name, time.Second)
		if subject == "" && (len(rows) >= want || time.Since(began) > 3*time.Minute) {
			return len(rows)
		}
		if subject == "" {
			continue
		}
		var e struct {
			SpecVersion, ID, Source, Type, DataContentType string
			Time                                           time.Time
			Data                                           struct{ IDs []string }
		}
		if err := json.Unmarshal(body, &e); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(subject, e.SpecVersion, e.Source, e.Type, e.DataContentType); e.ID == "" || e.Time.IsZero() || len(e.Data.IDs) == 0 ||
			got != fmt.Sprint("jinghe.v1.capability.changed", "1.0", "/jinghe", "jinghe.v1.capability.changed", "application/json") {
			t.Errorf("a message: %s %s", subject, body)
		}
		rows = append(rows, e.Data.IDs...)
		slices.Sort(rows)
		rows = slices.Compact(rows)
	}
}
