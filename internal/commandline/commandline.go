// Package commandline reads a command line into a struct by the tags of its
// fields, and prints the help of a verb in the language of the reader.
//
// It stands on the first floor, beside what speaks to people. Flags are read by
// pflag; what pflag does not know is here: verbs, variables of the environment,
// what is required, and help from the catalogue of messages. No method is looked
// up by its name, here or in pflag: one such call keeps every exported method of
// every package in the program, which was a sixth of its size.
//
// A field is a flag unless its tags say otherwise:
//
//	cmd:""          a struct that is a verb; verbs may have verbs of their own
//	arg:""          an argument; a slice takes all that is left
//	embed:""        a struct whose fields count as those of the one around it
//	name:"json"     what it is called; by default the field's name in kebab case
//	short:"o"       one letter that stands for the flag
//	env:"JINGHE_X"  the variable that sets it where the command line does not
//	default:"10"    what it is otherwise
//	enum:"a,b"      all that it may be; an empty first one stands for no choice
//	required:""     a flag that must be given; arguments must be, but for
//	optional:""     those
//	placeholder:"N" what stands for its value in the help
//	help:"cli.x"    the key of the message that explains it
//	hidden:""       not in the help
//
// Fields are strings, booleans, numbers, durations, slices of strings (separated
// by commas, and the flag may be repeated) or maps of strings (one KEY=VALUE each time).
package commandline

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Helper is a verb that has more to say in its help than one line.
type Helper interface{ Help() string }

// Line is a command line that was read.
type Line struct {
	// Verb is a pointer to the struct of the verb that was chosen; the root
	// where none was.
	Verb any
	// Help says that the line asks for help: nothing was checked, and nothing
	// is to be done but to print it.
	Help bool
	at   *node
}

// Read reads args into root, a pointer to a struct of flags and verbs, for a
// program of that name. It returns an Invalid error in words for a person.
// Variables are looked up by env; nil is those of the process.
func Read(name string, root any, args []string, env func(string) (string, bool)) (*Line, error) {
	if env == nil {
		env = os.LookupEnv
	}
	at, err := describe(&node{name: name}, reflect.ValueOf(root).Elem())
	if err != nil {
		return nil, err
	}
	help := false
	for {
		args, err = at.parse(args, &help)
		if err != nil {
			return nil, err
		}
		if len(at.verbs) == 0 || len(args) == 0 {
			break
		}
		next := slices.IndexFunc(at.verbs, func(v *node) bool { return v.name == args[0] })
		if next < 0 {
			return nil, unknownVerb(args[0], at.verbNames())
		}
		at, args = at.verbs[next], args[1:]
	}
	line := &Line{Verb: at.target.Addr().Interface(), Help: help, at: at}
	if help {
		return line, nil
	}
	return line, at.settle(args, env)
}

// node is a verb, or the program itself.
type node struct {
	name   string
	help   string // key of its message
	parent *node
	target reflect.Value
	flags  []*field
	args   []*field
	verbs  []*node
}

// describe fills n with what the fields of a struct say.
func describe(n *node, target reflect.Value) (*node, error) {
	if !n.target.IsValid() {
		n.target = target
	}
	t := target.Type()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		has := func(name string) bool { _, ok := tag.Lookup(name); return ok }
		name := tag.Get("name")
		if name == "" {
			name = kebab(t.Field(i).Name)
		}
		switch {
		case has("embed"):
			if _, err := describe(n, target.Field(i)); err != nil {
				return nil, err
			}
		case has("cmd"):
			verb, err := describe(&node{name: name, help: tag.Get("help"), parent: n}, target.Field(i))
			if err != nil {
				return nil, err
			}
			n.verbs = append(n.verbs, verb)
		default:
			f, err := describeField(name, tag, target.Field(i))
			if err != nil {
				return nil, err
			}
			if has("arg") {
				f.required = !has("optional")
				n.args = append(n.args, f)
			} else {
				n.flags = append(n.flags, f)
			}
		}
	}
	return n, nil
}

// kebab is how a field's name is written as a flag: TLSCert as tls-cert.
func kebab(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// chain is n and what it stands under, the program first.
func (n *node) chain() []*node {
	var chain []*node
	for ; n != nil; n = n.parent {
		chain = append(chain, n)
	}
	slices.Reverse(chain)
	return chain
}

// path is how n is called.
func (n *node) path() string {
	var names []string
	for _, c := range n.chain() {
		names = append(names, c.name)
	}
	return strings.Join(names, " ")
}

func (n *node) verbNames() []string {
	var names []string
	for _, v := range n.verbs {
		names = append(names, v.name)
	}
	return names
}

// settle takes the arguments of a verb and what the line left open, and checks
// that all is there.
func (n *node) settle(args []string, env func(string) (string, bool)) error {
	if len(n.verbs) > 0 {
		return invalid("expected_one", "names", strings.Join(n.verbNames(), ", "))
	}
	if err := n.take(args); err != nil {
		return err
	}
	var missing []string
	for _, c := range n.chain() {
		for _, f := range c.flags {
			if err := f.settle(env); err != nil {
				return err
			}
			if f.required && !f.set {
				missing = append(missing, f.shown())
			}
		}
	}
	if len(missing) > 0 {
		return invalid("missing_flags", "names", strings.Join(missing, ", "))
	}
	for _, a := range n.args {
		if a.required && !a.set {
			missing = append(missing, a.argument())
		}
	}
	if len(missing) > 0 {
		return invalid("missing_arguments", "names", strings.Join(missing, " "))
	}
	return nil
}

// take gives the arguments of n their words; one that is a list takes all that are left.
func (n *node) take(words []string) error {
	for _, a := range n.args {
		for len(words) > 0 && (!a.set || a.value.Kind() == reflect.Slice) {
			if err := a.put(words[0]); err != nil {
				return invalid("value", "flag", a.name, "value", words[0])
			}
			words = words[1:]
		}
	}
	if len(words) > 0 {
		return invalid("unexpected", "word", words[0])
	}
	return nil
}

// unknownVerb says that there is no such verb, and which one was perhaps meant, or
// else which there are.
func unknownVerb(word string, names []string) error {
	if near := nearest(word, names); near != "" {
		return invalid("unknown_verb_meant", "word", word, "near", near)
	}
	return invalid("unknown_verb", "word", word, "names", strings.Join(names, " "))
}

// invalid is an error with the message cli.parser.KEY and its arguments by pairs.
func invalid(key string, pairs ...string) error {
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return &scene.Error{Code: scene.Invalid, Key: "cli.parser." + key, Args: args, Op: "commandline.Read"}
}

func say(lang locale.Lang, key string) string { return locale.Text(lang, "cli.parser."+key, nil) }

func defect(name, what string) error { return fmt.Errorf("field for %s: %s", name, what) }
