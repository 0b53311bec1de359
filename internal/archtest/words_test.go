package archtest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMessagesAreThere: whatever message the program names whole exists. Keys
// that are put together at run time are not seen here; the tests of their pages are.
func TestMessagesAreThere(t *testing.T) {
	t.Parallel()
	root := moduleRoot(t)
	messages := map[string]string{}
	lists, err := filepath.Glob(filepath.Join(root, "internal/locale/data/zh/*.json"))
	if err != nil || len(lists) == 0 {
		t.Fatal(lists, err)
	}
	for _, name := range lists {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &messages); err != nil {
			t.Fatal(name, err)
		}
	}
	missing, seen := namedMessages(os.DirFS(root), trackedFiles(t), messages)
	for _, x := range missing {
		t.Error(x)
	}
	if seen < 1000 {
		t.Errorf("only %d messages are named: does the pattern still fit the code?", seen)
	}
}

// namedMessages finds messages that sources name and no list has.
func namedMessages(fsys fs.FS, files []string, messages map[string]string) (missing []string, seen int) {
	named := regexp.MustCompile(`(?:\.T\(|\.text\(|Text\([a-zA-Z.]+, |\bKey:\s*)"([a-z]+(?:\.[a-z0-9_]+)+)"[,)}\n]`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		if !strings.HasPrefix(name, "internal/") && !strings.HasPrefix(name, "cmd/") {
			continue
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			missing = append(missing, err.Error())
			continue
		}
		for _, found := range named.FindAllStringSubmatch(string(raw), -1) {
			seen++
			if _, ok := messages[found[1]]; !ok {
				missing = append(missing, name+" names the message "+found[1]+", which there is not")
			}
		}
	}
	return missing, seen
}

// TestNamedMessagesCases: what is named whole and not there is found, what is put together is not.
func TestNamedMessagesCases(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"internal/a/a.go":      {Data: []byte(`p.T("web.there"); p.T("web.gone"); p.T("web.state_" + s); e := &scene.Error{Key: "a.gone"}`)},
		"internal/a/a_test.go": {Data: []byte(`p.T("web.elsewhere")`)},
	}
	missing, seen := namedMessages(fsys, []string{"internal/a/a.go", "internal/a/a_test.go"}, map[string]string{"web.there": "x"})
	if seen != 3 || len(missing) != 2 {
		t.Errorf("%d named, %q missing", seen, missing)
	}
}
