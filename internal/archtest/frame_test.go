package archtest

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// testCommand is what .ci/run runs as its test step and every document names.
const testCommand = "go test ./..."

// readRoot returns a file of the root directory; the test is skipped where the
// file may be missing and is.
func readRoot(t *testing.T, name string, mayMiss bool) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), name))
	if mayMiss && errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no %s yet", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTestCommandIsTheSame(t *testing.T) {
	t.Parallel()
	if !strings.Contains(readRoot(t, ".ci/run", false), "\nstep_test() {\n\t"+testCommand+"\n}\n") {
		t.Errorf(".ci/run: the step test is not just %q", testCommand)
	}
	for _, name := range []string{"README.md", "README.zh-CN.md", "CONTRIBUTING.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report(t, otherTestCommand(name, readRoot(t, name, true)))
		})
	}
}

// otherTestCommand reports a document whose first command that tests is not the
// one that the checks run.
func otherTestCommand(name, text string) []string {
	for line := range strings.Lines(fenced(text)) {
		command, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), "#")
		if command = strings.TrimSpace(command); strings.HasPrefix(command, "go test") {
			if command != testCommand {
				return []string{fmt.Sprintf("%s tells to run %q first, .ci/run runs %q", name, command, testCommand)}
			}
			return nil
		}
	}
	return []string{fmt.Sprintf("%s does not tell how to test: a code block with %q", name, testCommand)}
}

// fenced returns the lines inside fenced code blocks.
func fenced(markdown string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inside = !inside
		} else if inside {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestReadmesLinkEachOther(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{"README.md": "README.zh-CN.md", "README.zh-CN.md": "README.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(readRoot(t, name, true), "]("+other+")") {
				t.Errorf("%s does not link to %s", name, other)
			}
		})
	}
}

func TestToolchainIsTheSame(t *testing.T) {
	t.Parallel()
	match := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(readRoot(t, "go.mod", false))
	if match == nil {
		t.Fatal("go.mod names no version of Go")
	}
	if image := "FROM golang:" + match[1] + " AS build\n"; !strings.Contains(readRoot(t, "Dockerfile", false), image) {
		t.Errorf("Dockerfile has no line %q, the version in go.mod", image)
	}
	if !strings.Contains(readRoot(t, ".ci/tools/go.mod", false), "\ngo "+match[1]+"\n") {
		t.Errorf(".ci/tools/go.mod has another version of Go than go.mod, %s", match[1])
	}
}

func TestImageIsSmallAndUnprivileged(t *testing.T) {
	t.Parallel()
	_, last, ok := strings.Cut(readRoot(t, "Dockerfile", false), "\nFROM scratch\n")
	if !ok || strings.Contains(last, "\nFROM ") {
		t.Fatal("the last stage of the Dockerfile is not FROM scratch")
	}
	for what, line := range map[string]string{
		"a user other than root":       `(?m)^USER [1-9][0-9]*:[1-9][0-9]*$`,
		"a health check without shell": `(?m)^HEALTHCHECK [^\n]*\\\n\s+CMD \[`,
		"an entry without shell":       `(?m)^ENTRYPOINT \[`,
	} {
		if !regexp.MustCompile(line).MatchString(last) {
			t.Errorf("the last stage of the Dockerfile has not %s", what)
		}
	}
}

// composeFile is what of docker-compose.yml is held here.
type composeFile struct {
	Services map[string]struct {
		Image       string         `yaml:"image"`
		Restart     string         `yaml:"restart"`
		Build       any            `yaml:"build"`
		Environment map[string]any `yaml:"environment"`
		Volumes     []string       `yaml:"volumes"`
		Healthcheck *struct {
			Test []string `yaml:"test"`
		} `yaml:"healthcheck"`
	} `yaml:"services"`
	Volumes map[string]any `yaml:"volumes"`
}

func TestCompose(t *testing.T) {
	t.Parallel()
	report(t, composeFaults(readRoot(t, "docker-compose.yml", false), readRoot(t, ".env.example", false)))
}

// composeFaults checks that the file is one, that every service is pinned and
// watched, that its volumes exist, and that .env.example names all that can be set.
func composeFaults(text, env string) []string {
	var file composeFile
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		return []string{"docker-compose.yml: " + err.Error()}
	}
	for _, replica := range []string{"app-1", "app-2"} {
		if _, ok := file.Services[replica]; !ok {
			return []string{"docker-compose.yml: no service " + replica}
		}
	}
	var findings []string
	fault := func(format string, args ...any) {
		findings = append(findings, "docker-compose.yml: "+fmt.Sprintf(format, args...))
	}
	settable := interpolated(text)
	for name, service := range file.Services {
		if service.Build == nil && !pinned(service.Image) {
			fault("service %s: image %q is not pinned to a version", name, service.Image)
		}
		ends := service.Restart == "no" // others wait for its end instead
		if !ends && (service.Healthcheck == nil || len(service.Healthcheck.Test) < 2) {
			fault("service %s: no health check", name)
		}
		if h := service.Healthcheck; h != nil && slices.Contains(h.Test, "pg_isready") && !slices.Contains(h.Test, "--host=127.0.0.1") {
			fault("service %s: pg_isready asks the socket, where a server answers that is about to be stopped again", name)
		}
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, ok := file.Volumes[source]; !ok && !strings.HasPrefix(source, "./") {
				fault("service %s: volume %s is not declared", name, source)
			}
		}
		for variable, value := range service.Environment {
			if value == nil {
				settable = append(settable, variable)
			}
		}
	}
	documented := envNames(env)
	for _, variable := range settable {
		if !slices.Contains(documented, variable) {
			fault("%s can be set, and .env.example does not name it", variable)
		}
	}
	return findings
}

func pinned(image string) bool {
	return regexp.MustCompile(`:v?[0-9]+\.[0-9]+[^:]*$`).MatchString(image)
}

// interpolated lists the variables that the text uses as ${NAME} or ${NAME:-…}.
func interpolated(text string) []string {
	var names []string
	for _, match := range regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)`).FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// envNames lists the variables that an example of settings names, also those
// that are commented out.
func envNames(text string) []string {
	var names []string
	for scanner := bufio.NewScanner(strings.NewReader(text)); scanner.Scan(); {
		name, _, ok := strings.Cut(strings.TrimPrefix(scanner.Text(), "# "), "=")
		if ok && regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`).MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}

func TestSettingsAreKnown(t *testing.T) {
	t.Parallel()
	report(t, unknownSettings(realTree(t), map[string]string{
		"docker-compose.yml": readRoot(t, "docker-compose.yml", false),
		"Dockerfile":         readRoot(t, "Dockerfile", false),
	}))
}

// unknownSettings finds JINGHE_ variables in deployment files that no production
// code reads, which is how a renamed setting is lost in silence.
func unknownSettings(p *tree, files map[string]string) []string {
	variable := regexp.MustCompile(`JINGHE_[A-Z0-9_]+`)
	known := map[string]bool{"JINGHE_PORT": true} // of the compose file itself
	for _, src := range p.selects(production) {
		for _, name := range variable.FindAllString(string(src.text), -1) {
			known[name] = true
		}
	}
	var findings []string
	for file, text := range files {
		for _, name := range variable.FindAllString(text, -1) {
			if !known[name] {
				findings = append(findings, fmt.Sprintf("%s: nothing in the program reads %s", file, name))
			}
		}
	}
	return findings
}
