# Text tests: each file says in RUN lines what to execute, and FileCheck compares.
import os

import lit.formats

config.name = "Cornu"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.cornu_build_dir, "test")

config.environment["PATH"] = os.pathsep.join([config.cornu_tools_dir, config.llvm_tools_dir, config.environment.get("PATH", "")])
config.substitutions.append(("%cornu_source_dir", config.cornu_source_dir))
# Variables do not leak from one CHECK-LABEL to the next unless they begin with $.
config.substitutions.append((r"\bFileCheck\b", "FileCheck -enable-var-scope"))
# CORNU_VERIFY_ROUNDTRIP=1 also sends each input of each test through text and bytecode.
if os.environ.get("CORNU_VERIFY_ROUNDTRIP"):
    config.substitutions.append((r"\bcornu-opt\b", "cornu-opt --verify-roundtrip"))
