// What the sanitizers are told when the tests are built with them; nothing calls these otherwise.

// A damaged file may ask for any number of bytes: malloc then fails, as it does without a sanitizer.
extern "C" const char *__asan_default_options() { return "allocator_may_return_null=1"; }

// libhdf5 1.10 forgets some blocks when it gives up on a damaged file.
extern "C" const char *__lsan_default_suppressions() { return "leak:libhdf5"; }
