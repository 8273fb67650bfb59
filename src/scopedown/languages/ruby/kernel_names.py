"""The classes and modules of Ruby's core and standard library, by name
(https://docs.ruby-lang.org/en/3.3/standard_library_rdoc.html)."""

from __future__ import annotations

from typing import Final

_WRITTEN_CORE: Final = """
    ArgumentError Array Base64 BasicObject BigDecimal Benchmark Binding Bundler CGI CSV Class Comparable Complex
    Cookie Coverage Data Date DateTime Delegator Digest ERB EOFError Encoding EncodingError Enumerable Enumerator
    Errno Etc Exception FalseClass Fiber Find Float FloatDomainError Forwardable FrozenError GC Gem Hash IOError
    IPAddr IndexError Integer Interrupt JSON Kernel KeyError LoadError LocalJumpError Logger Marshal MatchData Math
    Matrix Method Minitest Module Monitor MonitorMixin Mutex NameError Net NilClass NoMemoryError NoMethodError
    NotImplementedError Numeric OStruct Object ObjectSpace Observable Open3 OpenSSL OpenStruct OptionParser Prime
    Proc Process Psych Queue REXML RSS Racc Ractor Random Range RangeError Rational RbConfig Regexp RegexpError
    Ripper RuntimeError ScriptError SecureRandom SecurityError Set Shellwords Signal SignalException SimpleDelegator
    Singleton SingleForwardable SizedQueue SocketError Socket StandardError StopIteration String StringIO
    StringScanner Struct Symbol SyntaxError SystemCallError SystemExit SystemStackError TCPServer TCPSocket TSort
    TempFile Tempfile Thread ThreadError ThreadGroup ThreadsWait Time Timeout TrueClass TypeError UDPSocket URI
    UnboundMethod UncaughtThrowError WEBrick Warning WeakRef YAML ZeroDivisionError Zlib RUBY_VERSION RUBY_PLATFORM
    RUBY_ENGINE ARGV STDIN STDOUT STDERR DATA
"""
_CORE: Final = frozenset(_WRITTEN_CORE.split())


def is_core(name: str) -> bool:
    """Whether Ruby brings the constant along."""
    return name in _CORE
