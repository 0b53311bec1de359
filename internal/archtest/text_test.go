package archtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// trackedFiles lists what belongs to the project: what git tracks, or every
// file where the sources came without git.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	root := moduleRoot(t)
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	list.Dir = root
	if out, err := list.Output(); err == nil && len(out) > 0 {
		return slices.DeleteFunc(strings.Split(strings.TrimRight(string(out), "\x00"), "\x00"), func(name string) bool {
			_, err := os.Lstat(filepath.Join(root, name))
			return err != nil // removed, and the removal not yet committed
		})
	}
	files, err := allFiles(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func allFiles(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || name == "bin"):
			return fs.SkipDir
		case entry.Type().IsRegular():
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

func TestFilesStandAlone(t *testing.T) {
	t.Parallel()
	findings, err := strangers(os.DirFS(moduleRoot(t)), trackedFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	report(t, findings)
}

// strangers finds text that ties the project to one machine or one network: a
// path of a checkout, a host from which packages happened to come. Whoever
// builds this chooses both.
func strangers(fsys fs.FS, files []string) ([]string, error) {
	words := []string{
		// Split, so that this file is not a finding.
		"/wo" + "rk/", "/tm" + "p/w/", "../sha" + "red/",
		"proxy.go" + "lang.org", "sum.go" + "lang.org", "gop" + "roxy.", "registry.npm" + "js.org",
		"npm" + "mirror", "py" + "pi.org", "deb.deb" + "ian.org", "archive.ubu" + "ntu.com",
	}
	var findings []string
	for _, name := range files {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue // not text
		}
		for number, line := range bytes.Split(text, []byte("\n")) {
			for _, word := range words {
				if bytes.Contains(bytes.ToLower(line), []byte(word)) {
					findings = append(findings, fmt.Sprintf("%s:%d: %q belongs to one machine or network, not to the project", name, number+1, word))
				}
			}
		}
	}
	return findings, nil
}

func TestLinks(t *testing.T) {
	t.Parallel()
	findings, err := deadLinks(os.DirFS(moduleRoot(t)), trackedFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	report(t, findings)
}

// deadLinks follows the links of Markdown files to other files of the project.
func deadLinks(fsys fs.FS, files []string) ([]string, error) {
	link := regexp.MustCompile(`\]\(<?([^)\s>]+)`)
	var findings []string
	for _, name := range files {
		if path.Ext(name) != ".md" {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		for _, match := range link.FindAllSubmatch(text, -1) {
			target, err := url.Parse(string(match[1]))
			if err != nil || target.Scheme != "" || target.Host != "" || target.Path == "" {
				continue
			}
			if _, err := fs.Stat(fsys, path.Join(path.Dir(name), target.Path)); err != nil {
				findings = append(findings, fmt.Sprintf("%s: link to %s leads nowhere", name, target.Path))
			}
		}
	}
	return findings, nil
}

func TestTextCases(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"clean.md":    {Data: []byte("See [a](docs/a.md#top), [b](docs/), [c](https://example.org/x.md), [d](#here), ![e](e.svg \"E\").")},
		"docs/a.md":   {Data: []byte("[up](../clean.md) [gone](../gone.md)")},
		"docs/b.png":  {Data: []byte("\x00 /wo" + "rk/ in a picture")},
		"e.svg":       {Data: []byte("<svg/>")},
		"path.txt":    {Data: []byte("first\nsee /Wo" + "rk/main")},
		"frame.txt":   {Data: []byte("framework/tests and network/plan are fine")},
		"bin/jinghe":  {Data: []byte("built")},
		".git/config": {Data: []byte("[core]")},
	}
	files, err := allFiles(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(files, "bin/jinghe") || slices.Contains(files, ".git/config") || len(files) != 6 {
		t.Errorf("files = %v", files)
	}
	found, err := strangers(fsys, files)
	if err != nil {
		t.Fatal(err)
	}
	expectFindings(t, found, "path.txt:2:")
	found, err = deadLinks(fsys, files)
	if err != nil {
		t.Fatal(err)
	}
	expectFindings(t, found, "docs/a.md: link to ../gone.md")
}
