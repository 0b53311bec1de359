package commandline

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"jinghe/internal/scene"
)

// field is a flag or an argument. It is the value that pflag sets.
type field struct {
	name, short, env, help, placeholder, standard string
	enum                                          []string
	required, hidden                              bool
	value                                         reflect.Value
	set                                           bool // by the line or a variable; a default can still be replaced
}

// describeField is a field as its tags say it, set to its default.
func describeField(name string, tag reflect.StructTag, value reflect.Value) (*field, error) {
	f := &field{
		name: name, short: tag.Get("short"), env: tag.Get("env"), help: tag.Get("help"),
		placeholder: tag.Get("placeholder"), standard: tag.Get("default"), value: value,
	}
	if enum := tag.Get("enum"); enum != "" {
		f.enum = strings.Split(enum, ",")
	}
	_, f.required = tag.Lookup("required")
	_, f.hidden = tag.Lookup("hidden")
	if f.standard != "" {
		if err := f.assign(f.standard); err != nil {
			return nil, defect(name, "default: "+err.Error())
		}
	}
	return f, f.check()
}

// check refuses a type that cannot be set, or not be one of several: a defect of the program.
func (f *field) check() error {
	switch kind := f.value.Kind(); {
	case f.enum != nil && kind != reflect.String:
		return defect(f.name, "no choice can be a "+f.value.Type().String())
	case kind == reflect.String, kind == reflect.Bool, f.value.CanInt(), f.value.CanUint(), f.value.CanFloat():
		return nil
	case kind == reflect.Slice && f.value.Type().Elem().Kind() == reflect.String:
		return nil
	case kind == reflect.Map && f.value.Type() == reflect.TypeFor[map[string]string]():
		return nil
	}
	return defect(f.name, "no flag can be a "+f.value.Type().String())
}

// String, Set and Type are pflag.Value. Defaults are told by our own help.
func (f *field) String() string { return "" }

// Set takes a value from the command line.
func (f *field) Set(text string) error { return f.put(text) }

// Type names no type: pflag's own help is not used.
func (f *field) Type() string { return "" }

// put sets f from outside; the first time takes the place of a default.
func (f *field) put(text string) error {
	if !f.set {
		f.value.SetZero()
	}
	f.set = true
	return f.assign(text)
}

var (
	errDuration = errors.New("no duration")
	errPair     = errors.New("no KEY=VALUE")
)

// assign sets f to what text says, or adds it to a list.
func (f *field) assign(text string) error {
	bits := 0
	if f.value.CanInt() || f.value.CanUint() || f.value.CanFloat() {
		bits = f.value.Type().Bits()
	}
	switch {
	case f.value.Type() == reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(text)
		if err != nil {
			return errDuration
		}
		f.value.SetInt(int64(d))
	case f.value.Kind() == reflect.String:
		f.value.SetString(text)
	case f.value.Kind() == reflect.Bool:
		b, err := truth(text)
		f.value.SetBool(b)
		return err
	case f.value.CanInt():
		n, err := strconv.ParseInt(text, 10, bits)
		f.value.SetInt(n)
		return err
	case f.value.CanUint():
		n, err := strconv.ParseUint(text, 10, bits)
		f.value.SetUint(n)
		return err
	case f.value.CanFloat():
		n, err := strconv.ParseFloat(text, bits)
		f.value.SetFloat(n)
		return err
	default:
		return f.add(text)
	}
	return nil
}

// truth reads yes and no besides what strconv knows.
func truth(text string) (bool, error) {
	switch text {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return strconv.ParseBool(text)
}

// add adds to a list or a map.
func (f *field) add(text string) error {
	if f.value.Kind() == reflect.Map {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			return errPair
		}
		if f.value.IsNil() {
			f.value.Set(reflect.MakeMap(f.value.Type()))
		}
		f.value.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(value))
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		item := reflect.New(f.value.Type().Elem()).Elem()
		item.SetString(part)
		f.value.Set(reflect.Append(f.value, item))
	}
	return nil
}

// settle takes the variable where the line said nothing, and holds what came to
// what may be chosen.
func (f *field) settle(env func(string) (string, bool)) error {
	said, ok := env(f.env)
	if said == "" && (f.enum != nil || f.value.Kind() != reflect.String) {
		ok = false // an empty variable is none, but for a text
	}
	if ok && f.env != "" && !f.set {
		if err := f.put(said); err != nil {
			return invalid("variable", "variable", f.env, "value", said)
		}
	}
	if f.enum == nil || slices.Contains(f.enum, f.value.String()) {
		return nil
	}
	return invalid("one_of", "flag", "--"+f.name, "names", strings.Join(f.choices(), ", "), "value", f.value.String())
}

// choices are what f may be, without the empty one.
func (f *field) choices() []string {
	return slices.DeleteFunc(slices.Clone(f.enum), func(s string) bool { return s == "" })
}

// shown is f with what stands for its value.
func (f *field) shown() string {
	stands := f.placeholder
	switch kind := f.value.Kind(); {
	case kind == reflect.Bool:
		return "--" + f.name
	case stands != "" && kind == reflect.Slice:
		stands += ",..."
	case stands != "":
	case f.standard != "" && kind == reflect.String:
		stands = strconv.Quote(f.standard)
	case f.standard != "":
		stands = f.standard
	case f.enum != nil:
		stands = strings.Join(f.choices(), "|")
	default:
		stands = strings.ToUpper(kind.String())
	}
	return fmt.Sprintf("--%s=%s", f.name, stands)
}

// argument is f as an argument is written.
func (f *field) argument() string {
	s := "<" + f.name + ">"
	if f.value.Kind() == reflect.Slice {
		s += " ..."
	}
	if !f.required {
		s = "[" + s + "]"
	}
	return s
}

// parse reads the flags of n and of what it stands under, and returns the rest:
// from the first word on that is no flag where n has verbs.
func (n *node) parse(args []string, help *bool) ([]string, error) {
	flags := pflag.NewFlagSet(n.name, pflag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetInterspersed(len(n.verbs) == 0)
	flags.BoolVarP(help, "help", "h", *help, "")
	names := []string{"--help", "-h"}
	for _, c := range n.chain() {
		for _, f := range c.flags {
			added := flags.VarPF(f, f.name, f.short, "")
			if f.value.Kind() == reflect.Bool {
				added.NoOptDefVal = "true"
			}
			names = append(names, "--"+f.name)
		}
	}
	if err := flags.Parse(args); err != nil {
		return nil, complaint(err, names)
	}
	return flags.Args(), nil
}

// complaint is what pflag says, in words for a person.
func complaint(err error, names []string) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		word := "--" + e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			word = "-" + e.GetSpecifiedName()
		}
		if near := nearest(word, names); near != "" {
			return invalid("unknown_meant", "flag", word, "near", near)
		}
		return invalid("unknown", "flag", word)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return invalid("value_missing", "flag", "--"+e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		key := "value"
		switch {
		case errors.Is(err, errDuration):
			key = "value_duration"
		case errors.Is(err, errPair):
			key = "value_pair"
		}
		return invalid(key, "flag", "--"+e.GetFlag().Name, "value", e.GetValue())
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return invalid("unknown", "flag", e.GetSpecifiedFlag())
	}
	return invalid("unknown", "flag", err.Error())
}

// nearest is that of names which word was perhaps meant to be, or nothing.
func nearest(word string, names []string) string {
	best, near := 3, "" // a third mistake is another word
	for _, name := range names {
		if d := scene.Distance(word, name); d < best && d*2 < len(name) {
			best, near = d, name
		}
	}
	return near
}
