package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// listsVariable has the child of a kill test make lists of matches.
const listsVariable = "JINGHE_TEST_LISTS"

// tellOfLists runs a whole app and says on standard output how many lists there are.
func tellOfLists(cfg app.Config) error {
	ctx := context.Background()
	a, err := app.Open(ctx, cfg, testOptions(io.Discard))
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	for {
		findings, err := a.Diagnose(ctx)
		if err != nil {
			return err
		}
		for _, f := range findings {
			if f.Check == "matches" {
				fmt.Println("lists", f.Args["lists"])
			}
		}
	}
}

// manyRows are needs and offers enough for several steps of a rematch.
func manyRows() (rows []scene.Row) {
	things := []string{"路面", "桥梁", "管网", "井盖", "河道", "路灯", "电梯", "幕墙", "充电桩", "停车场"}
	works := []string{"巡检", "监测", "清淤", "节能改造", "故障预警", "调度", "三维建模"}
	for i := range 700 {
		o := scene.Opportunity{Need: fmt.Sprintf("第 %d 片区要%s%s，每月不少于 %d 次", i, things[i%10], works[i%7], i%30+1)}
		o.Name, o.OrgName = fmt.Sprintf("%s%s %d", things[i%10], works[i%7], i), "示例单位"
		rows = append(rows, scene.Row{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}})
	}
	for i := range 300 {
		c := scene.Capability{Description: fmt.Sprintf("%s的%s，第 %d 代", things[i%10], works[i%7], i)}
		c.Name, c.OrgName = fmt.Sprintf("%s%s系统 %d", things[i%10], works[i%7], i), "示例公司"
		rows = append(rows, scene.Row{Capability: &c, Org: scene.Organisation{Name: c.OrgName}})
	}
	return rows
}

// storedLists reads when the lists were made that a directory holds, while nobody has it.
func storedLists(t *testing.T, dir string) map[scene.ID]time.Time {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(dir, "jinghe.db"), sqlite.Options{BackupDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	made := map[scene.ID]time.Time{}
	err = rows.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
			page := store.Page{Limit: store.MaxPage}
			for {
				lists, err := tx.MatchLists().List(t.Context(), kind, page)
				if err != nil {
					return err
				}
				for _, l := range lists.Items {
					made[l.ID] = l.Made
				}
				if page.After = lists.Next; page.After == "" {
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestKilledRematch kills a process that makes lists: the next one makes those
// that are missing, and no other.
func TestKilledRematch(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a process of its own takes some seconds")
	}
	cfg := testConfig(t.TempDir())
	a := start(t, cfg, false)
	if _, err := a.Registry().Import(t.Context(), manyRows(), registry.ImportOptions{State: scene.Published}); err != nil {
		t.Fatal(err)
	}
	closeApp(t, a)
	killAfter(t, cfg, 300)
	before := storedLists(t, cfg.Data)
	if len(before) < 256 {
		t.Fatalf("%d lists were stored before the kill", len(before))
	}
	t.Logf("%d lists were stored before the kill", len(before))
	next := start(t, cfg, false)
	allListed(t, next)
	closeApp(t, next)
	after := storedLists(t, cfg.Data)
	if len(after) != 1000 {
		t.Errorf("%d lists are stored in the end, want 1000", len(after))
	}
	again := 0
	for id, at := range before {
		if !after[id].Equal(at) {
			again++
			t.Logf("%s was made at %s and again at %s", id, at, after[id])
		}
	}
	if again > 0 {
		t.Errorf("%d of %d lists were made again", again, len(before))
	}
}

// killAfter starts a child that makes lists and kills it when it has made some.
func killAfter(t *testing.T, cfg app.Config, lists int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+cfg.Data, listsVariable+"=1", "JINGHE_STORE=", "JINGHE_NATS=")
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := 0
	for scanner := bufio.NewScanner(out); said < lists && scanner.Scan(); {
		_, _ = fmt.Sscanf(scanner.Text(), "lists %d", &said) // a line that says otherwise changes nothing
	}
	if err := child.Process.Kill(); err != nil || said < lists {
		t.Fatalf("the child ended by itself after %d lists: %v", said, err)
	}
	_ = child.Wait() // “killed” is the error wanted here
}
