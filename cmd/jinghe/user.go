package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// userCmd makes and changes accounts; the first administrator is made by it.
type userCmd struct {
	cityFlags `embed:""`
	JSON      bool `name:"json" help:"cli.flag.json"`

	Add     userAdd     `cmd:"" help:"cli.user.add"`
	List    userList    `cmd:"" help:"cli.user.list"`
	Role    userRole    `cmd:"" help:"cli.user.role"`
	Disable userDisable `cmd:"" help:"cli.user.disable"`
	Enable  userEnable  `cmd:"" help:"cli.user.enable"`
	Reset   userReset   `cmd:"" help:"cli.user.reset"`
}

// Help shows examples.
func (userCmd) Help() string {
	return example("jinghe user --data ./city add admin --name 王管理 --role admin",
		"jinghe user --data ./city add li --name 李专员 --role steward --mail li@example.cn",
		"jinghe user --data ./city list",
		"jinghe user --data ./city role li steward organiser",
		"jinghe user --data ./city reset admin")
}

type userAdd struct {
	Login         string       `arg:"" help:"cli.flag.login"`
	Name          string       `required:"" help:"cli.flag.user_name"`
	Role          []scene.Role `required:"" placeholder:"ROLE" help:"cli.flag.role"`
	Mail          string       `help:"cli.flag.mail"`
	Org           string       `help:"cli.flag.org"`
	Department    string       `help:"cli.flag.department"`
	PasswordStdin bool         `help:"cli.flag.password_stdin"`
}

// Help shows examples.
func (userAdd) Help() string {
	return example("jinghe user add admin --data ./city --name 王管理 --role admin",
		"jinghe user add li --data ./city --name 李专员 --role steward --mail li@example.cn")
}

// Run makes an account. Without a password of its own one is made up, printed
// this once, and has to be changed at the first sign-in.
func (cmd *userAdd) Run(ctx context.Context, con *console, user *userCmd) error {
	r := app.UserRequest{
		Do: "add", Login: cmd.Login, Name: cmd.Name, Mail: cmd.Mail, Org: cmd.Org, Department: cmd.Department, Roles: cmd.Role,
	}
	if cmd.PasswordStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return scene.Wrap("user.add", err)
		}
		if r.Password = strings.TrimRight(line, "\r\n"); r.Password == "" {
			return &scene.Error{Code: scene.Invalid, Key: "cli.user_password_empty"}
		}
	}
	return user.ask(ctx, con, r, true)
}

type userList struct{}

// Run lists all accounts.
func (cmd *userList) Run(ctx context.Context, con *console, user *userCmd) error {
	return user.ask(ctx, con, app.UserRequest{Do: "list"}, false)
}

// Help shows an example.
func (userList) Help() string {
	return example("jinghe user list --data ./city")
}

type userRole struct {
	Login      string       `arg:"" help:"cli.flag.login"`
	Role       []scene.Role `arg:"" help:"cli.flag.role"`
	Department string       `help:"cli.flag.department"`
}

// Help shows an example.
func (userRole) Help() string {
	return example("jinghe user role li steward organiser --data ./city")
}

// Run sets what an account is there for.
func (cmd *userRole) Run(ctx context.Context, con *console, user *userCmd) error {
	return user.ask(ctx, con, app.UserRequest{Do: "roles", Login: cmd.Login, Roles: cmd.Role, Department: cmd.Department}, false)
}

type userDisable struct {
	Login string `arg:"" help:"cli.flag.login"`
}

// Help shows an example.
func (userDisable) Help() string {
	return example("jinghe user disable li --data ./city")
}

// Run keeps an account from signing in.
func (cmd *userDisable) Run(ctx context.Context, con *console, user *userCmd) error {
	return user.ask(ctx, con, app.UserRequest{Do: "disable", Login: cmd.Login}, false)
}

type userEnable struct {
	Login string `arg:"" help:"cli.flag.login"`
}

// Help shows an example.
func (userEnable) Help() string {
	return example("jinghe user enable li --data ./city")
}

// Run lets a disabled account sign in again.
func (cmd *userEnable) Run(ctx context.Context, con *console, user *userCmd) error {
	return user.ask(ctx, con, app.UserRequest{Do: "enable", Login: cmd.Login}, false)
}

type userReset struct {
	Login string `arg:"" help:"cli.flag.login"`
}

// Help shows an example.
func (userReset) Help() string {
	return example("jinghe user reset admin --data ./city")
}

// Run gives an account a made-up password and takes its second factor away.
func (cmd *userReset) Run(ctx context.Context, con *console, user *userCmd) error {
	return user.ask(ctx, con, app.UserRequest{Do: "reset", Login: cmd.Login}, false)
}

// ask reaches the directory, also a new one where an account is added, and
// prints what became of the request.
func (cmd *userCmd) ask(ctx context.Context, con *console, r app.UserRequest, found bool) error {
	open := con.operator
	if found {
		open = con.founder
	}
	op, err := open(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	report, err := op.User(ctx, r)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(report)
	}
	if report.Password == "" {
		con.accounts(con.out, report.Accounts)
		return nil
	}
	con.accounts(con.err, report.Accounts)
	fmt.Fprintln(con.err, con.text("cli.user_password", nil))
	fmt.Fprintln(con.out, report.Password)
	return nil
}

// accounts prints a table; beside a password it goes to standard error, so that
// a script can take the password alone.
func (c *console) accounts(out io.Writer, list []scene.Account) {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{
		c.text("web.sign_in.login", nil), c.text("web.account.name", nil), c.text("web.account.roles", nil), c.text("account.state_head", nil),
	})
	for i := range list {
		a := &list[i]
		roles := make([]string, len(a.Roles))
		for j, r := range a.Roles {
			roles[j] = c.text("web.role."+string(r), nil)
		}
		t.AppendRow(table.Row{a.Login, a.Name, strings.Join(roles, "、"), c.text("account.state."+string(a.State), nil)})
	}
	fmt.Fprintln(out, t.Render())
}
