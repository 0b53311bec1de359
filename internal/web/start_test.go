package web_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/web"
)

// TestStart reads the page of the API as a stranger does, and runs each command of
// its first section word for word, one after the other in one shell.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "grep", "cut"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("this machine has no %s", tool)
		}
	}
	o := newOffice(t)
	s := httptest.NewUnstartedServer(nil)
	o.config.PublicURL = "http://" + s.Listener.Addr().String()
	var err error
	if o.Server, err = web.New(o.config, o.services); err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = o.Handler()
	s.Start()
	t.Cleanup(s.Close)
	commands := startOf(t, o)
	if len(commands) != 7 {
		t.Fatalf("%d commands", len(commands))
	}
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeMatch, scene.ScopeWriteListings)
	const mark = "=====next====="
	//nolint:gosec // the commands are those of the page
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "export JINGHE_TOKEN="+p.secret+"\n"+strings.Join(commands, "\necho; echo "+mark+"\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	answers := strings.Split(string(out), mark)
	for i, want := range []func(map[string]any) bool{
		func(a map[string]any) bool { return len(a["items"].([]any)) == 1 },
		func(a map[string]any) bool { return len(a["matches"].([]any)) == 3 },
		func(a map[string]any) bool { return len(a["scopes"].([]any)) == 3 },
		func(a map[string]any) bool { return len(a["matches"].([]any)) > 0 },
		func(a map[string]any) bool { return a["state"] == "draft" && a["revision"] == 1.0 },
		func(a map[string]any) bool { return len(a["matches"].([]any)) > 0 },
		func(a map[string]any) bool { return a["state"] == "submitted" },
	} {
		var a map[string]any
		if err := json.Unmarshal([]byte(answers[i]), &a); err != nil || a["code"] != nil || !want(a) {
			t.Errorf("%s\n→ %.600s, %v", commands[i], answers[i], err)
		}
	}
}

// startOf are the commands of the first section of the page.
func startOf(t *testing.T, o *office) (list []string) {
	t.Helper()
	w := o.browser().get("/developers")
	if w.Code != http.StatusOK {
		t.Fatalf("%d", w.Code)
	}
	_, section, _ := strings.Cut(w.Body.String(), `<section id="start">`)
	section, _, _ = strings.Cut(section, "</section>")
	for part := range strings.SplitSeq(section, "<code>") {
		if command, _, found := strings.Cut(part, "</code>"); found {
			list = append(list, html.UnescapeString(command))
		}
	}
	return list
}

// TestDocumentSpeaks: the document comes in the language that is asked for, each
// with an ETag of its own; who asks for none gets that of programs.
func TestDocumentSpeaks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const path = "/api/v1/openapi.json"
	tags := map[string]bool{}
	for _, tt := range []struct {
		query, accept, want string
	}{
		{"", "", "场景机会列表 · List opportunities"},
		{"?lang=zh", "", `"summary":"场景机会列表"`},
		{"", "zh-CN,zh;q=0.9", `"summary":"场景机会列表"`},
		{"?lang=en", "zh-CN", `"summary":"List opportunities`},
	} {
		var headers []string
		if tt.accept != "" {
			headers = []string{"Accept-Language", tt.accept}
		}
		w := o.browser().call(http.MethodGet, path+tt.query, "", headers...)
		if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, tt.want) || !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Language") {
			t.Errorf("%q, %q: %d, Vary %v, lacks %s", tt.query, tt.accept, w.Code, w.Header().Values("Vary"), tt.want)
		}
		tags[w.Header().Get("ETag")] = true
	}
	if len(tags) != 3 {
		t.Errorf("%d ETags for three documents", len(tags))
	}
	if body := o.browser().get("/developers").Body.String(); strings.Contains(body, "Only what is published") || !strings.Contains(body, "只含已发布且目前有效的。") {
		t.Error("the reference is not in Chinese")
	}
}
