package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"

	"jinghe/internal/testkit"
)

// TestBackupAndRestore backs a city up while a server runs on it and restores
// it beside.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	jinghe(t, "import", "--data", data, write(t, "offers.csv", offersCSV)).want(t, exitDone, "新增 3")
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan result, 1)
	go func() {
		served <- serving(ctx, t, "--data", data)
	}()
	awaitServer(t, data)
	plain := filepath.Join(dir, "city.backup")
	jinghe(t, "backup", "--data", data, "--out", plain).want(t, exitDone, "已备份")
	if info, err := os.Stat(plain); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the backup: %v %v", info.Mode(), err)
	}
	jinghe(t, "move", "--from", "sqlite:"+data, "--to", "sqlite:"+filepath.Join(dir, "moved")).want(t, exitNothing, "正被另一个进程")
	jinghe(t, "restore", "--data", data, plain).want(t, exitNothing, "正被另一个进程")
	stop()
	(<-served).want(t, exitDone)

	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	sealed := filepath.Join(dir, "city.backup.age")
	jinghe(t, "backup", "--data", data, "--recipient", identity.Recipient().String(), "--out", sealed).want(t, exitDone)
	jinghe(t, "backup", "--data", data, "--recipient", "somebody", "--out", filepath.Join(dir, "none")).want(t, exitUsage, "somebody")
	jinghe(t, "backup", "--data", data, "--out", filepath.Join(dir, "nowhere", "city.backup")).want(t, exitUsage, "目录是否存在")
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a backup that failed left a file")
	}
	restored := filepath.Join(dir, "restored")
	jinghe(t, "restore", "--data", restored, sealed).want(t, exitNothing, "--identity")
	jinghe(t, "restore", "--data", restored, "--identity", write(t, "key.txt", identity.String()+"\n"), sealed).want(t, exitDone, "已恢复")
	jinghe(t, "restore", "--data", restored, plain).want(t, exitNothing, "已有其他数据")
	expectSameExport(t, data, restored)

	text, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	half := write(t, "half.backup", string(text[:len(text)/2]))
	jinghe(t, "restore", "--data", filepath.Join(dir, "other"), half).want(t, exitUsage, "不完整")
}

// TestMove carries a city to PostgreSQL and back by the command line.
func TestMove(t *testing.T) {
	t.Parallel()
	data, back, address := t.TempDir(), filepath.Join(t.TempDir(), "back"), testkit.Postgres(t)
	jinghe(t, "import", "--data", data, write(t, "needs.csv", needsCSV), write(t, "offers.csv", offersCSV)).want(t, exitDone)
	before := jinghe(t, "export", "--data", data, "--format", "csv")
	move := []string{"move", "--from", "sqlite:" + filepath.Join(data, "jinghe.db"), "--to", address}
	jinghe(t, move...).want(t, exitDone, "行数与校验和一致", "JINGHE_STORE", "JINGHE_SECRET_KEY_FILE", filepath.Join(data, "secret.key"))
	jinghe(t, move...).want(t, exitDone, "无需再搬")

	jinghe(t, "export", "--data", data, "--format", "csv").want(t, exitUsage, "JINGHE_STORE")
	after := jinghe(t, "export", "--data", data, "--store", address, "--format", "csv")
	if after.code != exitDone || after.out != before.out {
		t.Errorf("export after the move: %+v, want %q", after, before.out)
	}
	jinghe(t, "doctor", "--data", data, "--store", address).want(t, exitDone, "postgres", "场景机会 2 条，场景能力 3 条", "[正常] 双重验证密钥", "[正常] 统一登录")

	jinghe(t, "import", "--data", data, "--store", address, write(t, "more.csv", "序号,场景机会名称,单位名称,合作需求\n7,新需求,示例水务集团,测试\n")).want(t, exitDone)
	jinghe(t, move...).want(t, exitNothing, "已有其他数据")
	jinghe(t, "move", "--from", "postgres:"+address, "--to", "sqlite:"+back).want(t, exitDone)
	jinghe(t, "export", "--data", back, "--format", "csv").want(t, exitDone, "新需求")
	jinghe(t, "move", "--from", "mysql://x", "--to", "sqlite:"+back).want(t, exitUsage, "mysql")
	jinghe(t, "move", "--from", "sqlite:"+back, "--to", "sqlite:"+back).want(t, exitUsage)
	jinghe(t, "move", "--from", "sqlite:"+t.TempDir(), "--to", "sqlite:"+back).want(t, exitUsage)
}

// TestMoveWaitsForNobody refuses a database that a server uses.
func TestMoveWaitsForNobody(t *testing.T) {
	t.Parallel()
	data, served, address := t.TempDir(), t.TempDir(), testkit.Postgres(t)
	jinghe(t, "import", "--data", data, write(t, "offers.csv", offersCSV)).want(t, exitDone)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan result, 1)
	go func() {
		ended <- serving(ctx, t, "--data", served, "--store", address)
	}()
	awaitServer(t, served)
	move := []string{"move", "--from", "sqlite:" + data, "--to", address}
	jinghe(t, move...).want(t, exitNothing, "正被运行中的服务使用")
	stop()
	(<-ended).want(t, exitDone)
	jinghe(t, move...).want(t, exitDone)
}

func expectSameExport(t *testing.T, a, b string) {
	t.Helper()
	args := []string{"export", "--kind", "capability", "--format", "csv", "--data"}
	x, y := jinghe(t, append(args, a)...), jinghe(t, append(args, b)...)
	if x.code != exitDone || y.code != exitDone || !bytes.Equal([]byte(x.out), []byte(y.out)) {
		t.Errorf("exports differ: %+v and %+v", x, y)
	}
}

// TestDoctorNamesTheDatabase says in one sentence what is wrong with the address.
func TestDoctorNamesTheDatabase(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		store string
		code  int
		want  []string
	}{
		"NoAddress":   {"mysql://db/jinghe", exitNothing, []string{"JINGHE_STORE", "postgres://"}},
		"File":        {"sqlite:./city", exitNothing, []string{"JINGHE_STORE", "--data"}},
		"NobodyThere": {"postgres://jinghe:hunter2@127.0.0.1:1/jinghe", exitNothing, []string{"127.0.0.1:1", "JINGHE_STORE", "故障"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := jinghe(t, "doctor", "--data", t.TempDir(), "--store", test.store)
			got.want(t, test.code, test.want...)
			if strings.Contains(got.out+got.stderr, "hunter2") {
				t.Errorf("the password is shown: %+v", got)
			}
			serve := jinghe(t, "serve", "--data", t.TempDir(), "--store", test.store, "--addr", "127.0.0.1:0")
			if serve.code == exitDone || !strings.Contains(serve.stderr, "JINGHE_STORE") || strings.Contains(serve.stderr, "hunter2") {
				t.Errorf("serve: %+v", serve)
			}
		})
	}
}

// TestDemoFill fills an empty database with the sample city and its accounts, and
// leaves one that holds lists as it is.
func TestDemoFill(t *testing.T) {
	t.Parallel()
	data, address := t.TempDir(), testkit.Postgres(t)
	fillAndExport := func(says string) string {
		jinghe(t, "demo", "--fill", "--data", t.TempDir(), "--store", address).want(t, exitDone, says)
		return jinghe(t, "export", "--data", data, "--store", address, "--kind", "opportunity", "--format", "csv").out
	}
	filled := fillAndExport("organiser")
	if n := strings.Count(filled, "\n"); n < 120 {
		t.Fatalf("%d lines of opportunities", n)
	}
	if fillAndExport("没有改动") != filled {
		t.Error("filling again changed the lists")
	}
}
