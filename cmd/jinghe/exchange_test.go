package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/web/api"
)

// TestExchange has two cities exchange lists by files: a workbook and JSON say the
// same, and what comes in is what went out, with its origin.
func TestExchange(t *testing.T) {
	t.Parallel()
	a, b, dir := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b"), t.TempDir()
	jinghe(t, "import", "--data", a, write(t, "needs.csv", needsCSV), write(t, "offers.csv", offersCSV)).want(t, exitDone)
	book, doc, late := filepath.Join(dir, "a.xlsx"), filepath.Join(dir, "a.json"), filepath.Join(dir, "late.json")
	const here, there = "https://a.example.cn", "https://b.example.cn"
	jinghe(t, "exchange", "out", "--data", a, "--out", book).want(t, exitNothing, "JINGHE_PUBLIC_URL")
	for _, file := range []string{book, doc} {
		jinghe(t, "exchange", "out", "--data", a, "--public-url", here, "--out", file).want(t, exitDone, "场景机会 2 条，场景能力 3 条")
	}
	jinghe(t, "exchange", "in", "--data", b, book).want(t, exitDone, "新增 5，更新 0")
	jinghe(t, "exchange", "in", "--data", b, doc).want(t, exitDone, "新增 0，更新 0，未变 5，撤下 0")
	if diff := cmp.Diff(entriesOf(t, doc), entriesOf(t, book)); diff != "" {
		t.Error(diff)
	}
	jinghe(t, "exchange", "out", "--data", b, "--public-url", there, "--out", late).want(t, exitDone, "场景机会 0 条，场景能力 0 条")
	jinghe(t, "exchange", "in", "--data", a, "--public-url", here, doc).want(t, exitUsage, "本市自己的")
	jinghe(t, "exchange", "in", "--data", a, write(t, "x.json", "{}")).want(t, exitUsage, "jinghe-exchange/1")
	jinghe(t, "exchange", "in", "--data", a, filepath.Join(dir, "none.json")).want(t, exitUsage, "none.json")
	jinghe(t, "export", "--data", b, "--kind", "capability", "--format", "csv").want(t, exitDone, "毫米波跌倒监测雷达", "3 条")
}

// entriesOf reads the entries of a file of the exchange, as they stand on the wire.
func entriesOf(t *testing.T, path string) any {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := api.ReadExchange(t.Context(), filepath.Base(path), content)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal([]any{doc.Origin, doc.Opportunities, doc.Capabilities})
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}
