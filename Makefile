# Valhalla: `make demo` shows the main job, `make test` runs every test, `make help` tells the rest.

SHELL   := /bin/bash
PREFIX  ?= /usr/local
SWIFT   ?= swift
# Static Swift libraries: the programs start faster and need no toolchain where they are installed.
RELEASE := -c release --static-swift-stdlib
BIN     := .build/release

# What each package of Debian is for. One a line: name, then why.
define BUILD_PACKAGES
libsqlite3-dev: the catalogue
libxxhash-dev: the quick digest, for comparing what was read with what is read again
libzstd-dev: keeps every raw tag of every file in a sixth of the room
zlib1g-dev: inflates what a PNG says of itself
libexpat1-dev: reads XMP
libexiv2-dev: reads and writes the metadata of photographs
libvips-dev: makes the pictures that are exported
libcairo2-dev: draws the pages of PDFs
libpango1.0-dev: sets the text on them, in every script
fonts-droid-fallback: titles and names in Chinese, Japanese and Korean on pages
fonts-inter: tables and letters on paper
fonts-ebgaramond: titles on paper
libraw-dev: develops raw files whose preview is too small for a wall
libavformat-dev: opens clips and sounds
libavcodec-dev: decodes a clip's poster frame
libavutil-dev: what the other parts of FFmpeg share
libswscale-dev: turns a video frame into a picture
fonts-dejavu-core: draws the words over proofs, where no better font is installed
pkg-config: tells the compiler where these are
endef
define TEST_PACKAGES
ffmpeg: draws clips for the tests
libvips-tools: draws pictures for the tests
libimage-exiftool-perl: a second opinion on every tag
exiv2: reads sidecars back, as digiKam and darktable do
sqlite3: reads the catalogue from outside
qpdf: looks whether a PDF is whole
poppler-utils: reads the text of a PDF back, and draws its pages
python3-venv: holds bagit and ascmhl, the second opinions on every package that leaves
endef
define BENCH_PACKAGES
ffmpeg: draws clips
ffmpegthumbnailer: the peer of posters
libvips-tools: draws pictures, and the peer of previews
libimage-exiftool-perl: the peer of an import
openssl: the peer of hashing big files
rclone: the peer of copying with a check
sqlite3: the peer of starting up
strace: counts the files that an import opens
endef
export BUILD_PACKAGES TEST_PACKAGES BENCH_PACKAGES

.PHONY: help demo build test truth-table canaries lint format check bench agreement install uninstall clean packages \
  test-packages bench-packages

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

demo: build ## install what is missing, build, import three shoots, export an exhibit, say where to look
	@Fixtures/demo $(BIN)

build: packages ## build the three programs, ready to be installed
	@$(SWIFT) build $(RELEASE) --product valhalla
	@$(SWIFT) build $(RELEASE) --product valhalla-read
	@$(SWIFT) build $(RELEASE) --product valhalla-media

test: packages test-packages .build/tools/ready ## build and run every test
	@$(SWIFT) build --build-tests
	@PATH="$(CURDIR)/.build/tools/bin:$$PATH" $(SWIFT) test --skip-build

# bagit and ascmhl are not in Debian. Without them their tests say that they were skipped.
.build/tools/ready:
	@mkdir -p .build && python3 -m venv .build/tools && \
	  { .build/tools/bin/pip install --quiet --disable-pip-version-check bagit==1.9.0 ascmhl==1.2 && touch $@ || \
	    echo "bagit and ascmhl could not be installed: the tests that ask them are skipped"; }

lint: ## hold the source against the formatter, strictly
	@$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Plugins Migrations

format: ## bring the source into its form
	@$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Plugins Migrations

check: lint test ## lint and test

truth-table: ## write the truth table of the gate anew, to be looked at
	@RECORD=1 $(SWIFT) test --filter TruthTableTests > /dev/null || true
	@git diff --stat -- Tests/Catalog/Clearance/truth-table.md; echo Tests/Catalog/Clearance/truth-table.md

canaries: ## write the table of canaries anew, to be looked at
	@RECORD=1 $(SWIFT) test --filter CanaryTests > /dev/null || true
	@git diff --stat -- Tests/Commands/Canaries/canaries.md; echo Tests/Commands/Canaries/canaries.md

# SIZE=small shows in a minute that it all runs; SIZE=full takes the sizes that the limits are meant for: an hour, and 70 GB. ROWS names some of Benchmarks/rows.
SIZE ?= usual
bench: build bench-packages ## set us beside our peers, with limits (SIZE=full; ROWS="imports copies …")
	@Benchmarks/run $(BIN) $(SIZE) $(ROWS)

CORPUS ?= Fixtures
agreement: build test-packages ## hold what is read against ExifTool and ffprobe (CORPUS=DIR; Fixtures)
	@python3 Benchmarks/agreement $(BIN) "$(CORPUS)"

install: build ## install programs, manual page and completions below PREFIX (/usr/local)
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/valhalla $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	@install -s -m 755 $(BIN)/valhalla $(DESTDIR)$(PREFIX)/bin/
	@install -s -m 755 $(BIN)/valhalla-read $(BIN)/valhalla-media $(DESTDIR)$(PREFIX)/libexec/valhalla/
	@$(BIN)/valhalla help --man > $(DESTDIR)$(PREFIX)/share/man/man1/valhalla.1
	@$(BIN)/valhalla --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/valhalla
	@$(BIN)/valhalla --generate-completion-script zsh  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_valhalla
	@$(BIN)/valhalla --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/valhalla.fish
	@echo "installed below $(PREFIX): valhalla, its two workers, its manual page and its completions"

uninstall: ## remove what install put there
	@rm -f $(DESTDIR)$(PREFIX)/bin/valhalla $(DESTDIR)$(PREFIX)/share/man/man1/valhalla.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/valhalla \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_valhalla \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/valhalla.fish
	@rm -rf $(DESTDIR)$(PREFIX)/libexec/valhalla

clean: ## remove what was built, and the demo
	@rm -rf .build demo

packages:
	@$(call install_missing,$$BUILD_PACKAGES)

bench-packages:
	@$(call install_missing,$$BENCH_PACKAGES)

test-packages:
	@$(call install_missing,$$TEST_PACKAGES)

# Names what is missing with its reason, and installs it: as root, or through sudo.
define install_missing
missing=(); \
while IFS= read -r line; do \
  name=$${line%%:*}; [ -n "$$name" ] || continue; \
  if ! dpkg-query -W -f='$${Status}' "$$name" 2>/dev/null | grep -q 'ok installed'; then \
    [ $${#missing[@]} -gt 0 ] || echo "Missing packages:"; \
    printf '  %-22s%s\n' "$$name" "$${line#*:}"; missing+=("$$name"); \
  fi; \
done <<< "$(1)"; \
if [ $${#missing[@]} -gt 0 ]; then \
  root=; [ "$$(id -u)" = 0 ] || root=sudo; \
  if [ -n "$$root" ] && ! command -v sudo >/dev/null; then \
    echo "Please install them: apt-get install $${missing[*]}"; exit 1; fi; \
  echo "Installing them …"; \
  log=$$(mktemp); \
  { $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -qq -y --no-install-recommends \
    "$${missing[@]}"; } > "$$log" 2>&1 || { tail -n 20 "$$log"; rm -f "$$log"; \
    echo "The packages could not be installed. By hand: apt-get install $${missing[*]}"; exit 1; }; \
  rm -f "$$log"; \
fi
endef
