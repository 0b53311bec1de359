package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/datadir"
	"jinghe/internal/match"
	"jinghe/internal/registry"
)

const (
	needsCSV = "序号,场景机会名称,单位名称,合作需求,预算（万元）\n" +
		"1,河道巡检无人机应用,示例水务集团,\"用无人机巡检120公里河道，识别漂浮物，识别准确率不低于95%\",100\n" +
		"2,社区养老看护,示例街道办事处,为独居老人提供跌倒监测与紧急呼叫,\n"
	offersCSV = "序号,场景能力名称,单位名称,场景能力说明,联系方式\n" +
		"1,无人机河湖巡检系统,示例航空科技有限公司,自动机场加无人机巡检河道，漂浮物识别准确率97%,0510-55550001\n" +
		"2,毫米波跌倒监测雷达,示例感知科技有限公司,独居老人跌倒监测，异常自动呼叫,\n" +
		"3,纺织验布机,示例纺机有限公司,布匹瑕疵检测,\n"
)

// result is what one command line gave.
type result struct {
	code        int
	out, stderr string
}

// jinghe runs one command line as main does.
func jinghe(t *testing.T, args ...string) result {
	t.Helper()
	return jingheUntil(t.Context(), t, args...)
}

func jingheUntil(ctx context.Context, t *testing.T, args ...string) result {
	t.Helper()
	dir := t.TempDir()
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	out, stderr := file("out"), file("err")
	code := run(ctx, args, out, stderr)
	text := func(f *os.File) string {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	return result{code, text(out), text(stderr)}
}

// serving runs a server until ctx ends; it may take its time to stop.
func serving(ctx context.Context, t *testing.T, args ...string) result {
	t.Helper()
	return jingheUntil(ctx, t, append([]string{"serve", "--addr", "127.0.0.1:0", "--log-level", "error", "--stop-timeout", "3m"}, args...)...)
}

func (r result) want(t *testing.T, code int, parts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d\nout: %s\nerr: %s", r.code, code, r.out, r.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(r.out+r.stderr, part) {
			t.Errorf("%q is missing in:\n%s\n%s", part, r.out, r.stderr)
		}
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelp(t *testing.T) {
	t.Parallel()
	jinghe(t).want(t, exitDone, "demo", "match", "doctor")
	for _, verb := range []string{
		"demo", "serve", "match", "import", "export", "reindex", "vocabulary", "bench", "doctor", "version",
		"move", "backup", "restore", "exchange", "exchange out", "exchange in", "tune", "pair", "user", "user add", "user list", "user role", "user disable", "user enable", "user reset",
	} {
		words := strings.Fields(verb)
		jinghe(t, append(words, "--help")...).want(t, exitDone, "Example:", "用法：jinghe "+verb, "选项：")
		jinghe(t, append([]string{"--lang=en"}, append(words, "--help")...)...).want(t, exitDone, "Example:", "Usage: jinghe "+verb)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	needs := write(t, "needs.csv", needsCSV)
	tests := map[string]struct {
		args []string
		code int
		says string
	}{
		"UnknownVerb":     {[]string{"frobnicate"}, exitUsage, "没有 frobnicate 这条命令，有的是：demo serve match"},
		"MissingFlag":     {[]string{"match", "--needs", needs}, exitUsage, "缺少选项 --offers"},
		"MistypedFlag":    {[]string{"match", "--nees", needs}, exitUsage, "没有这个选项 --nees，是不是 \"--needs\""},
		"MissingFile":     {[]string{"match", "--needs", needs, "--offers", "none.csv"}, exitUsage, "none.csv"},
		"SwappedFiles":    {[]string{"match", "--needs", needs, "--offers", needs}, exitUsage, "放反"},
		"Top":             {[]string{"match", "--needs", needs, "--offers", needs, "--top", "0"}, exitUsage, "--top"},
		"English":         {[]string{"--lang", "en", "match", "--needs", needs, "--offers", "none.csv"}, exitUsage, "cannot be opened"},
		"DoctorEmpty":     {[]string{"doctor", "--data", t.TempDir()}, exitNothing, "jinghe serve"},
		"DoctorNoData":    {[]string{"doctor"}, exitNothing, "JINGHE_DATA"},
		"MistypedExport":  {[]string{"export", "--data", filepath.Join(t.TempDir(), "typo")}, exitUsage, "typo"},
		"MistypedList":    {[]string{"import", "--list", "--data", filepath.Join(t.TempDir(), "typo")}, exitUsage, "typo"},
		"ImportNothing":   {[]string{"import", "--data", t.TempDir()}, exitUsage, "jinghe import"},
		"ReindexNoServer": {[]string{"reindex", "--data", t.TempDir()}, exitNothing, "没有运行中的服务"},
		"BenchNoData":     {[]string{"bench", "retrieval", "--dir", t.TempDir()}, exitUsage, "corpus.jsonl"},
		"VocabularyForm": {
			[]string{"vocabulary", "--data", t.TempDir(), "--edit", write(t, "v.json", `{"wrods": []}`)}, exitUsage, "jinghe serve",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jinghe(t, tt.args...).want(t, tt.code, tt.says)
		})
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	needs, offers := write(t, "needs.csv", needsCSV), write(t, "offers.csv", offersCSV)
	table := jinghe(t, "match", "--needs", needs, "--offers", offers, "--top", "2")
	table.want(t, exitDone, "河道巡检无人机应用", "无人机河湖巡检系统", "毫米波跌倒监测雷达")

	var rankings []match.Ranking
	got := jinghe(t, "match", "--needs", needs, "--offers", offers, "--format", "json")
	got.want(t, exitDone)
	if err := json.Unmarshal([]byte(got.out), &rankings); err != nil {
		t.Fatal(err)
	}
	if len(rankings) != 2 || rankings[0].Need.Code != "1" {
		t.Fatalf("rankings %+v", rankings)
	}
	for i, want := range []string{"1", "2"} {
		best := rankings[i].Matches[0]
		if best.Offer.Code != want || best.Score <= 0 || best.Reason == "" || len(best.Parts) == 0 {
			t.Errorf("need %d: best is %+v, want offer %s", i+1, best, want)
		}
		sum := 0.0
		for _, p := range best.Parts {
			sum += p.Contribution
		}
		if sum != best.Raw {
			t.Errorf("contributions sum to %v, raw is %v", sum, best.Raw)
		}
	}

	out := filepath.Join(t.TempDir(), "matches.xlsx")
	jinghe(t, "match", "--needs", needs, "--offers", offers, "--out", out).want(t, exitDone)
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		t.Errorf("no workbook: %v", err)
	}
}

func TestListsInAndOut(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "city")
	needs, offers := write(t, "needs.csv", needsCSV), write(t, "offers.csv", offersCSV)
	broken := write(t, "broken.xlsx", "not a workbook")

	jinghe(t, "import", "--data", data, "--dry-run", needs).want(t, exitDone, "预演", "新增 2")
	if _, err := os.Stat(data); err == nil {
		t.Error("a dry run made the directory")
	}
	jinghe(t, "import", "--data", data, needs, broken, offers).want(t, exitRejected, "broken.xlsx", "新增 2", "新增 3")
	jinghe(t, "import", "--data", data, needs, offers).want(t, exitDone, "新增 0", "未变 2", "未变 3")
	jinghe(t, "import", "--data", data, broken).want(t, exitNothing, "broken.xlsx")

	out := filepath.Join(t.TempDir(), "offers.xlsx")
	jinghe(t, "export", "--data", data, "--kind", "capability", "--out", out).want(t, exitDone, "3")
	jinghe(t, "import", "--data", data, out).want(t, exitDone, "新增 0，更新 0，未变 3")

	var reports []registry.Report
	got := jinghe(t, "import", "--data", data, "--json", write(t, "more.csv", "序号,场景机会名称,单位名称,合作需求\n7,新需求,示例水务集团,测试\n"))
	got.want(t, exitDone)
	if err := json.Unmarshal([]byte(got.out), &reports); err != nil {
		t.Fatal(err)
	}
	jinghe(t, "import", "--data", data, "--undo", string(reports[0].Job.ID)).want(t, exitDone, "删除 1 条")
	jinghe(t, "import", "--data", data, "--list").want(t, exitDone, "已撤销", "more.csv")
	jinghe(t, "doctor", "--data", data).want(t, exitDone, "JINGHE_DATA="+data, "正常")
}

// TestServer reaches a running server through its socket, as the verbs do.
func TestServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan result, 1)
	go func() {
		served <- serving(ctx, t, "--data", data)
	}()
	awaitServer(t, data)

	jinghe(t, "serve", "--data", data, "--addr", "127.0.0.1:0").want(t, exitNothing)
	jinghe(t, "import", "--data", data, write(t, "offers.csv", offersCSV)).want(t, exitDone, "新增 3")
	jinghe(t, "reindex", "--data", data).want(t, exitDone)
	jinghe(t, "doctor", "--data", data).want(t, exitDone, "3 条，与数据库一致")
	jinghe(t, "export", "--data", data, "--kind", "capability", "--layout", "chongqing", "--format", "csv").
		want(t, exitDone, "毫米波跌倒监测雷达", "3 条")
	jinghe(t, "vocabulary", "--data", data, "--edit", write(t, "v.json", `{"wrods": []}`)).want(t, exitUsage, "wrods")
	words := write(t, "words.json", `{"words":[{"word":"毫米波雷达","synonyms":["mmwave radar"]}]}`)
	jinghe(t, "vocabulary", "--data", data, "--edit", words).want(t, exitDone, "检索词 1 个")
	jinghe(t, "vocabulary", "--data", data).want(t, exitDone, "mmwave radar")

	stop()
	(<-served).want(t, exitDone, "正在停止")
	jinghe(t, "doctor", "--data", data).want(t, exitDone)
}

// awaitServer returns when the socket of a data directory answers.
func awaitServer(t *testing.T, data string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(3 * time.Minute) // it hangs: a full machine that looks for races takes half a minute
	for {
		client, err := app.Dial(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		if client != nil {
			if err := client.Close(t.Context()); err != nil {
				t.Error(err)
			}
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the server did not start within three minutes")
		}
	}
}

// TestBusyCity: a directory whose server takes no commands yet, because it waits
// for another one, is not said to be anybody's to stop.
func TestBusyCity(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	jinghe(t, "import", "--data", data, write(t, "needs.csv", needsCSV)).want(t, exitDone)
	lock, err := datadir.Acquire(data)
	if err != nil {
		t.Fatal(err)
	}
	jinghe(t, "user", "list", "--data", data).want(t, exitNothing, "还不接受命令", data)
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	jinghe(t, "user", "list", "--data", data).want(t, exitDone)
}
