package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// The child of TestKill writes transactions until it is killed. Each one puts
// groupSize listings, raises a counter and emits an event naming the rows; its
// number is printed once it is acknowledged.
const (
	crashEnv  = "JINGHE_TEST_CRASH_DB"
	groupSize = 20
	kills     = 25
)

// crashChild runs the child if this process is one.
func crashChild() bool {
	path := os.Getenv(crashEnv)
	if path == "" {
		return false
	}
	if err := writeForever(context.Background(), path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

func writeForever(ctx context.Context, path string) error {
	s, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	for {
		var n int
		err := s.Update(ctx, func(tx store.Tx) (err error) {
			n, err = writeGroup(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// writeGroup writes the next group: its rows are new, or, every third time,
// new contents of the rows before.
func writeGroup(ctx context.Context, tx store.Tx) (n int, err error) {
	last, err := tx.Settings().Get(ctx, "last")
	if err != nil {
		return 0, err
	}
	n, _ = strconv.Atoi(string(last))
	n++
	var rows []scene.Capability
	if n%3 == 0 {
		if rows, err = tx.Capabilities().GetMany(ctx, groupIDs(n-1)); err != nil {
			return 0, err
		}
	}
	for i := range rows {
		rows[i].Description = fmt.Sprint("new content of group ", n)
	}
	if len(rows) == 0 {
		for i, id := range groupIDs(n) {
			rows = append(rows, scene.Capability{Listing: scene.Listing{
				ID: id, Name: fmt.Sprint("group ", n, " row ", i), State: scene.Published, Fields: []string{"a", "b"},
			}, Description: strings.Repeat("很长的文字", 200)})
		}
	}
	if _, err := tx.Capabilities().PutMany(ctx, rows); err != nil {
		return 0, err
	}
	if err := tx.Settings().Put(ctx, "last", []byte(strconv.Itoa(n))); err != nil {
		return 0, err
	}
	return n, tx.Emit(ctx, scene.Event{ID: scene.ID(fmt.Sprint("event-", n)), Subject: scene.CapabilityChanged, IDs: groupIDs(n)})
}

func groupIDs(n int) []scene.ID {
	var ids []scene.ID
	for i := range groupSize {
		ids = append(ids, scene.ID(fmt.Sprintf("g%06d-%02d", n, i)))
	}
	return ids
}

// TestKill kills a writing process at random moments and checks after each
// that nothing acknowledged is lost, no transaction is there by half, and the
// outbox holds one event for each.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	dice := rand.New(rand.NewPCG(1, 2))
	acknowledged := 0
	for range kills {
		acknowledged = max(acknowledged, killed(t, path, time.Duration(5+dice.IntN(150))*time.Millisecond))
		checkAfterKill(t, path, acknowledged)
	}
	if acknowledged < kills {
		t.Errorf("only %d transactions in %d lives: the test proves little", acknowledged, kills)
	}
	t.Logf("%d transactions acknowledged over %d kills", acknowledged, kills)
}

// killed runs a child, kills it some time after its first transaction, and
// returns the last one that it acknowledged.
func killed(t *testing.T, path string, after time.Duration) (last int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), crashEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if last == 0 {
			time.AfterFunc(after, func() { _ = child.Process.Kill() }) // SIGKILL
		}
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			break // a line cut by the kill
		}
		last = n
	}
	_, _ = io.Copy(io.Discard, out)
	if err := child.Wait(); err == nil || child.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child was not killed: %v", err)
	}
	if last == 0 {
		t.Fatal("the child acknowledged nothing")
	}
	return last
}

func checkAfterKill(t *testing.T, path string, acknowledged int) {
	t.Helper()
	s := open(t, path)
	defer s.Close()
	ctx := t.Context()
	if h, err := s.Health(ctx); err != nil || h.Integrity != "ok" {
		t.Fatalf("Health: %+v, %v", h, err)
	}
	last := 0
	err := s.View(ctx, func(tx store.Tx) error {
		v, err := tx.Settings().Get(ctx, "last")
		if err != nil {
			return err
		}
		if last, err = strconv.Atoi(string(v)); err != nil {
			return err
		}
		rows, err := tx.Capabilities().Count(ctx, store.ListingFilter{})
		if want := (last - last/3) * groupSize; rows != want {
			t.Errorf("%d rows after %d transactions, want %d", rows, last, want)
		}
		if err != nil {
			return err
		}
		fields, err := tx.Capabilities().Count(ctx, store.ListingFilter{Field: "b"})
		if err != nil {
			return err
		}
		if fields != rows {
			t.Errorf("%d rows have their field, of %d", fields, rows)
		}
		return checkEdited(t, ctx, tx, last)
	})
	if err != nil {
		t.Fatal(err)
	}
	if last < acknowledged {
		t.Errorf("transaction %d was acknowledged and is lost: the last is %d", acknowledged, last)
	}
	if n, err := s.Outbox().Depth(ctx); n != last || err != nil {
		t.Errorf("%d events after %d transactions, %v", n, last, err)
	}
}

// checkEdited checks that the last rows that were written a second time all were.
func checkEdited(t *testing.T, ctx context.Context, tx store.Tx, last int) error {
	t.Helper()
	edited := last - last%3
	if edited == 0 {
		return nil
	}
	rows, err := tx.Capabilities().GetMany(ctx, groupIDs(edited-1))
	for _, row := range rows {
		if row.Revision != 2 || row.Description != fmt.Sprint("new content of group ", edited) {
			t.Errorf("row %s has revision %d: half a transaction", row.ID, row.Revision)
		}
	}
	return err
}
