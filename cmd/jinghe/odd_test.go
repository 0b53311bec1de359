package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jinghe/internal/match"
)

// TestMatchOddNeeds: needs of one character, of a word repeated, of emoji, in
// English and in mixed scripts each get their answer; a cell that no workbook
// could hold is refused in one sentence, and the other rows go on.
func TestMatchOddNeeds(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	w := csv.NewWriter(&text)
	rows := [][]string{
		{"序号", "场景机会名称", "单位名称", "合作需求"},
		{"1", "水", "甲", ""},
		{"2", "😀👩‍👩‍👧‍👦", "乙", "🇨🇳😀"},
		{"3", "监测", "丙", strings.Repeat("监测", 4_000)},
		{"4", "River patrol by drone", "丁", "Drones patrol 120 km of river and recognise floating waste; ≥ 95 %"},
		{"5", "河道巡檢无人机", "戊", "用無人機巡检120公里河道，识别漂浮物"},
		{"6", "用无人机巡检河道", "己", strings.Repeat("河道巡检，", 6_000)},
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	needs, offers := write(t, "needs.csv", text.String()), write(t, "offers.csv", offersCSV)
	r := jinghe(t, "match", "--needs", needs, "--offers", offers, "--format", "json")
	var rankings []match.Ranking
	if err := json.Unmarshal([]byte(r.out), &rankings); err != nil {
		t.Fatalf("%v\n%s\n%s", err, r.out, r.stderr)
	}
	if r.code != exitDone || len(rankings) != len(rows)-1 {
		t.Errorf("exit code %d, %d rankings\n%s", r.code, len(rankings), r.stderr)
	}
	for _, x := range rankings {
		if x.Clarity == nil || len(x.Matches) == 0 {
			t.Errorf("%s: %+v", x.Need.Name, x)
		}
		for _, m := range x.Matches {
			if math.IsNaN(m.Score) || m.Score < 0 || m.Score > 1 || m.Reason == "" {
				t.Errorf("%s: %+v", x.Need.Name, m)
			}
		}
	}
	for _, i := range []int{4, 5} {
		if got := rankings[i].Matches[0].Offer.Name; got != "无人机河湖巡检系统" {
			t.Errorf("%s: %s comes first", rankings[i].Need.Name, got)
		}
	}
	huge := write(t, "huge.csv", "场景机会名称,单位名称,合作需求\n河道巡检,甲,"+strings.Repeat("河", 200_000)+"\n无人机巡检河道,乙,识别漂浮物\n")
	r = jinghe(t, "match", "--needs", huge, "--offers", offers)
	if r.code != exitRejected && r.code != exitDone || !strings.Contains(r.out, "无人机河湖巡检系统") {
		t.Errorf("exit code %d\n%s\n%s", r.code, r.out, r.stderr)
	}
}

// TestBenchOfOddFolders: what is wrong with a folder is told with file and line.
func TestBenchOfOddFolders(t *testing.T) {
	t.Parallel()
	folder := func(corpus, queries, qrels string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels.tsv": qrels} {
			if text == "" {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	const (
		corpus = `{"_id":"d1","title":"河道巡检","text":"无人机"}` + "\n" + `{"_id":"d2","title":"跌倒监测","text":"雷达"}` + "\n"
		query  = `{"_id":"q1","text":"无人机巡检河道"}` + "\n"
		odd    = `{"_id":"q2","text":"😀"}` + "\n" + `{"_id":"q3","text":"水"}` + "\n" + `{"_id":"q4","text":""}` + "\n"
		qrels  = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n"
	)
	for name, tc := range map[string]struct {
		dir  string
		code int
		says []string
	}{
		"Good":             {folder(corpus, query, qrels), exitDone, nil},
		"WithoutJudgement": {folder(corpus, query+odd, qrels), exitDone, nil},
		"JudgedNowhere":    {folder(corpus, query, "q1\tnone\t2\nq9\td1\t1\n"+qrels[strings.Index(qrels, "q1"):]), exitDone, nil},
		"NotJSON":          {folder(corpus+"河道\n", query, qrels), exitUsage, []string{"corpus.jsonl line 3", "JSON"}},
		"NoID":             {folder(corpus, `{"text":"x"}`+"\n", qrels), exitUsage, []string{"queries.jsonl line 1", "_id"}},
		"NotAScore":        {folder(corpus, query, qrels+"q1\td1\tgut\n"), exitUsage, []string{"qrels.tsv line 4", "gut"}},
		"NoDocument":       {folder("\n", query, qrels), exitUsage, []string{"no document"}},
		"NoQuery":          {folder(corpus, "\n", qrels), exitUsage, []string{"no query"}},
		"NoFile":           {folder(corpus, query, ""), exitUsage, []string{"qrels.tsv"}},
		"LongLine":         {folder(corpus+strings.Repeat("x", 9<<20)+"\n", query, qrels), exitUsage, []string{"corpus.jsonl line 3", "longer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jinghe(t, "bench", "retrieval", "--dir", tc.dir, "--run", filepath.Join(t.TempDir(), "run")).want(t, tc.code, tc.says...)
		})
	}
	jinghe(t, "bench", "retrieval", "--dir", folder(corpus, query, "query-id\tcorpus-id\tscore\n"), "--run", filepath.Join(t.TempDir(), "run")).
		want(t, exitDone, "没有任何查询")
	jinghe(t, "bench", "grade", "--dir", folder(corpus, query+odd, qrels)).want(t, exitUsage, "one fold")
	jinghe(t, "bench", "grade", "--dir", folder(corpus, query, "query-id\tcorpus-id\tscore\n")).want(t, exitUsage)
}
