package archtest

import "testing"

func TestOtherTestCommandCases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       string
	}{
		{"Same", "Run:\n```sh\n$ go test ./...   # all\n```\n", ""},
		{"OthersAfterIt", "```\ngo test ./...\ngo test -race ./...\n```\n", ""},
		{"Other", "```\ngo test -short ./...\n```\n", `tells to run "go test -short ./..." first`},
		{"OutsideBlock", "Run go test ./... please.\n", "does not tell how to test"},
		{"AfterBlock", "```\nmake\n```\ngo test ./...\n", "does not tell how to test"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			findings := otherTestCommand("README.md", test.text)
			if test.want == "" {
				expectFindings(t, findings)
				return
			}
			expectFindings(t, findings, test.want)
		})
	}
}

func TestComposeFaultsCases(t *testing.T) {
	t.Parallel()
	const (
		health = "    build: .\n    healthcheck: {test: [CMD, x]}\n"
		app    = "services:\n  app-2:\n" + health + "  app-1:\n" + health
	)
	tests := []struct {
		name, text, env string
		want            string
	}{
		{"OK", app + "    environment: {A: '${A:-1}', B: null}\n    volumes: ['v:/v', './c:/c']\nvolumes:\n  v:\n", "A=1\n# B=\n", ""},
		{"NotYAML", "services:\n\t- x", "", "docker-compose.yml: yaml"},
		{"NotCompose", "[]", "", "docker-compose.yml: yaml"},
		{"NoApp", "services: {db: {image: 'db:1.2'}}", "", "no service app-1"},
		{"OneApp", "services:\n  app-1:\n" + health, "", "no service app-2"},
		{"NoTag", app + "  db: {image: postgres, healthcheck: {test: [CMD, x]}}\n", "", "not pinned"},
		{"Latest", app + "  db: {image: 'postgres:latest', healthcheck: {test: [CMD, x]}}\n", "", "not pinned"},
		{"Pinned", app + "  db: {image: 'a.example:5000/db/meili:v1.2.3-alpine', healthcheck: {test: [CMD, x]}}\n", "", ""},
		{"NoHealthCheck", app + "  db: {image: 'db:1.2'}\n", "", "service db: no health check"},
		{"SocketOnly", app + "  db: {image: 'db:1.2', healthcheck: {test: [CMD, pg_isready]}}\n", "", "asks the socket"},
		{"EndsByItself", app + "  key: {image: 'db:1.2', restart: 'no'}\n", "", ""},
		{"NoVolume", app + "    volumes: ['v:/v']\n", "", "volume v is not declared"},
		{"Interpolated", app + "    ports: ['${PORT:-80}:80']\n", "", "PORT can be set"},
		{"PassedOn", app + "    environment: {SECRET: null}\n", "", "SECRET can be set"},
		{"OnlyInProse", app + "    environment: {SECRET: null}\n", "# The SECRET = a word\n", "SECRET can be set"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			findings := composeFaults(test.text, test.env)
			if test.want == "" {
				expectFindings(t, findings)
				return
			}
			expectFindings(t, findings, test.want)
		})
	}
}

func TestUnknownSettingsCases(t *testing.T) {
	t.Parallel()
	p := fakeTree(t, map[string]string{
		"internal/app/config.go":      "package app\n\ntype c struct {\n\tData string `env:\"JINGHE_DATA\"`\n}\n",
		"internal/app/config_test.go": "package app\n\nconst only = \"JINGHE_TESTED\"\n",
	})
	findings := unknownSettings(p, map[string]string{"Dockerfile": "ENV JINGHE_DATA=/data JINGHE_DATE=/data JINGHE_TESTED=1\n# ${JINGHE_PORT}"})
	expectFindings(t, findings, "reads JINGHE_DATE", "reads JINGHE_TESTED")
}
