package commandline

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

type place struct {
	Data  string `env:"CITY_DATA" required:"" placeholder:"DIR" help:"cli.flag.data"`
	Store string `env:"CITY_STORE" help:"cli.flag.store"`
}

type addCmd struct {
	Login string   `arg:"" help:"cli.flag.login"`
	Roles []string `arg:"" optional:"" name:"role" help:"cli.flag.role"`
	Name  string   `help:"cli.flag.user_name"`
}

// Help has an example.
func (*addCmd) Help() string { return "例 Example:" }

type userCmd struct {
	place `embed:""`
	Add   addCmd `cmd:"" help:"cli.user.add"`
}

type serveCmd struct {
	TLSCert   string            `default:"none" help:"cli.flag.tls_cert"`
	Wait      time.Duration     `env:"CITY_WAIT" default:"3s" help:"cli.flag.stop_timeout"`
	Level     string            `env:"CITY_LEVEL" enum:"info,warn" default:"info" help:"cli.flag.log_level"`
	Format    string            `enum:",xlsx,json" help:"cli.flag.export_format"`
	Replicas  int               `default:"1" help:"cli.flag.nats_replicas"`
	Seed      uint64            `help:"cli.flag.bench_seed"`
	Rate      float64           `help:"cli.flag.load_rate"`
	Care      bool              `env:"CITY_CARE" help:"cli.flag.care"`
	Servers   []string          `env:"CITY_SERVERS" placeholder:"URL" help:"cli.flag.nats"`
	Map       map[string]string `placeholder:"HEAD=FIELD" help:"cli.flag.import_map"`
	Out       string            `short:"o" placeholder:"FILE" help:"cli.flag.out"`
	Invisible bool              `hidden:""`
}

type program struct {
	Lang  locale.Lang `enum:"zh,en" default:"zh" help:"cli.lang"`
	Serve serveCmd    `cmd:"" help:"cli.serve"`
	User  userCmd     `cmd:"" help:"cli.user"`
}

func read(line string, env map[string]string) (program, *Line, error) {
	var p program
	l, err := Read("city", &p, strings.Fields(line), func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	return p, l, err
}

func TestRead(t *testing.T) {
	t.Parallel()
	standard := serveCmd{TLSCert: "none", Wait: 3 * time.Second, Level: "info", Replicas: 1}
	with := func(change func(*serveCmd)) serveCmd { s := standard; change(&s); return s }
	tests := map[string]struct {
		line string
		env  map[string]string
		want serveCmd
	}{
		"Defaults":        {line: "serve", want: standard},
		"Line":            {line: "serve --tls-cert=a --wait 90s --replicas 3 --seed 7 --rate 2.5", want: with(func(s *serveCmd) { s.TLSCert, s.Wait, s.Replicas, s.Seed, s.Rate = "a", 90*time.Second, 3, 7, 2.5 })},
		"Letter":          {line: "serve -o out.json", want: with(func(s *serveCmd) { s.Out = "out.json" })},
		"LetterJoined":    {line: "serve -oout.json", want: with(func(s *serveCmd) { s.Out = "out.json" })},
		"Truth":           {line: "serve --care", want: with(func(s *serveCmd) { s.Care = true })},
		"Untruth":         {line: "serve --care=false", env: map[string]string{"CITY_CARE": "yes"}, want: standard},
		"Variable":        {line: "serve", env: map[string]string{"CITY_CARE": "yes", "CITY_WAIT": "1m"}, want: with(func(s *serveCmd) { s.Care, s.Wait = true, time.Minute })},
		"LineBefore":      {line: "serve --wait 5s", env: map[string]string{"CITY_WAIT": "1m"}, want: with(func(s *serveCmd) { s.Wait = 5 * time.Second })},
		"EmptyVariable":   {line: "serve", env: map[string]string{"CITY_CARE": "", "CITY_WAIT": "", "CITY_LEVEL": "", "CITY_SERVERS": ""}, want: standard},
		"Commas":          {line: "serve --servers a,b --servers c", want: with(func(s *serveCmd) { s.Servers = []string{"a", "b", "c"} })},
		"CommasVariable":  {line: "serve", env: map[string]string{"CITY_SERVERS": "a,b"}, want: with(func(s *serveCmd) { s.Servers = []string{"a", "b"} })},
		"ListBefore":      {line: "serve --servers c", env: map[string]string{"CITY_SERVERS": "a,b"}, want: with(func(s *serveCmd) { s.Servers = []string{"c"} })},
		"Pairs":           {line: "serve --map a=b --map c=d,e=f", want: with(func(s *serveCmd) { s.Map = map[string]string{"a": "b", "c": "d,e=f"} })},
		"ChoiceOfNothing": {line: "serve --format json", want: with(func(s *serveCmd) { s.Format = "json" })},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, line, err := read(tt.line, tt.env)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := line.Verb.(*serveCmd); !ok {
				t.Fatalf("verb %T", line.Verb)
			}
			got, want := p.Serve, tt.want
			if !slices.Equal(got.Servers, want.Servers) || !maps.Equal(got.Map, want.Map) {
				t.Errorf("lists %v %v", got.Servers, got.Map)
			}
			got.Servers, got.Map, want.Servers, want.Map = nil, nil, nil, nil
			if got.TLSCert != want.TLSCert || got.Wait != want.Wait || got.Level != want.Level || got.Format != want.Format || got.Replicas != want.Replicas ||
				got.Seed != want.Seed || got.Rate != want.Rate || got.Care != want.Care || got.Out != want.Out {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// Flags of what a verb stands under may be before it and after it.
func TestReadNested(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"--lang en user --data d add li steward organiser --name 李专员",
		"user add --data d --lang=en li --name 李专员 steward organiser",
		"user add --data d --lang=en --name 李专员 -- li steward organiser",
	} {
		p, l, err := read(line, nil)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		verb, ok := l.Verb.(*addCmd)
		if !ok || verb.Login != "li" || !slices.Equal(verb.Roles, []string{"steward", "organiser"}) || verb.Name != "李专员" || p.User.Data != "d" || p.Lang != locale.En {
			t.Errorf("%s: %+v %+v", line, verb, p)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		line, key, says string
	}{
		"NoVerb":          {"--lang en", "expected_one", "serve, user"},
		"NoSubVerb":       {"user --data d", "expected_one", "add"},
		"UnknownVerb":     {"frobnicate", "unknown_verb", "frobnicate"},
		"MistypedVerb":    {"srve", "unknown_verb_meant", `"serve"`},
		"TooMuch":         {"serve now", "unexpected", "now"},
		"UnknownFlag":     {"serve --frobnicate", "unknown", "--frobnicate"},
		"MistypedFlag":    {"serve --tls-crt x", "unknown_meant", `"--tls-cert"`},
		"UnknownLetter":   {"serve -x", "unknown", "-x"},
		"Bare":            {"serve --=x", "unknown", "--=x"},
		"NoValue":         {"serve --out", "value_missing", "--out"},
		"NoNumber":        {"serve --replicas x", "value", `--replicas cannot be "x"`},
		"NoDuration":      {"serve --wait 5", "value_duration", "90s"},
		"NoPair":          {"serve --map a", "value_pair", "NAME=VALUE"},
		"NoChoice":        {"serve --level loud", "one_of", "info, warn"},
		"MissingFlag":     {"user add li", "missing_flags", "--data=DIR"},
		"MissingArgument": {"user --data d add", "missing_arguments", "<login>"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := read(tt.line, nil)
			e, ok := errors.AsType[*scene.Error](err)
			if !ok || e.Code != scene.Invalid || e.Key != "cli.parser."+tt.key {
				t.Fatalf("got %v", err)
			}
			if said := locale.Error(locale.En, err); !strings.Contains(said, tt.says) {
				t.Errorf("says %q, not %q", said, tt.says)
			}
			if said := locale.Error(locale.Zh, err); said == locale.Error(locale.En, err) || strings.Contains(said, "{") {
				t.Errorf("says %q in Chinese", said)
			}
		})
	}
	if _, _, err := read("serve", map[string]string{"CITY_WAIT": "soon"}); err == nil || !strings.Contains(locale.Error(locale.En, err), "CITY_WAIT") {
		t.Errorf("a variable that cannot be read: %v", err)
	}
	for _, odd := range []any{
		&struct{ Odd chan int }{},
		&struct {
			Odd int `enum:"1,2"`
		}{},
		&struct {
			Odd int `default:"one"`
		}{},
	} {
		if _, err := Read("city", odd, nil, nil); err == nil || scene.CodeOf(err) == scene.Invalid {
			t.Errorf("%T is no defect: %v", odd, err)
		}
	}
}

// Help needs nothing that a verb needs, and says what each flag is in both languages.
func TestHelp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		line   string
		says   []string
		hushed string
	}{
		"Program": {"--help", []string{"Usage: city <command> [flags]", "About it.", "serve    ", "user add"}, "--data"},
		"Verb":    {"serve -h", []string{"Usage: city serve [flags]", "-o, --out=FILE", `--tls-cert="none"`, "--wait=3s", "($CITY_WAIT)", "--format=xlsx|json", "--servers=URL,...", "--rate=FLOAT64"}, "--invisible"},
		"Group":   {"--help user", []string{"Usage: city user --data=DIR <command> [flags]", "user add    "}, "--tls-cert"},
		"SubVerb": {"user add --help", []string{"Usage: city user add --data=DIR <login> [<role> ...] [flags]", "例 Example:", "Arguments:", "--lang"}, "--tls-cert"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, line, err := read(tt.line, nil)
			if err != nil || !line.Help {
				t.Fatal(line, err)
			}
			var b strings.Builder
			if err := line.PrintHelp(&b, locale.En, "About it."); err != nil {
				t.Fatal(err)
			}
			for _, say := range tt.says {
				if !strings.Contains(b.String(), say) {
					t.Errorf("no %q in\n%s", say, b.String())
				}
			}
			if strings.Contains(b.String(), tt.hushed) {
				t.Errorf("%q in\n%s", tt.hushed, b.String())
			}
			for l := range strings.Lines(b.String()) {
				if width := text.StringWidthWithoutEscSequences(strings.TrimRight(l, "\n")); width > helpWidth && !strings.HasPrefix(l, "Usage") {
					t.Errorf("a line of %d columns: %s", width, l)
				}
			}
		})
	}
}

// FuzzRead gives any line an error in words, or a verb.
func FuzzRead(f *testing.F) {
	for _, line := range []string{"serve --wait 90s", "user add --data d li", "-o", "--=", "serve -oX --map a=b", "user -- add"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		_, l, err := read(line, nil)
		if err == nil && l.Verb == nil || err != nil && scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%q: %v %v", line, l, err)
		}
	})
}
