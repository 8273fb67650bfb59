# What tests of ruby/spec ask of their suite, for programs that run without it.
require 'tmpdir'

module ScratchPad
  def self.clear = @given = nil
  def self.record(given) = @given = given
  def self.<<(given)
    @given << given
    self
  end
  def self.recorded = @given
end

def nan_value = 0 / 0.0
def infinity_value = 1 / 0.0
def bignum_value(plus = 0) = (2**64) + plus
def max_long = (2**63) - 1
def min_long = -(2**63)
def fixnum_max = (2**62) - 1
def fixnum_min = -(2**62)
def tmp(name) = File.join(Dir.tmpdir, name)
def fixture(file, *names) = File.join(File.dirname(file), 'fixtures', *names)
def suppress_warning = yield
def touch(name) = File.write(name, '')
def rm_r(*names) = names.each { |name| File.delete(name) if File.file?(name) }
def mkdir_p(name) = Dir.mkdir(name)
def platform_is(*names) = (yield if names.include?(:linux))
def platform_is_not(*names) = (yield unless names.include?(:linux))
def ruby_version_is(*versions) = yield
def ruby_bug(*) = yield
def guard(test) = (yield if test.call)
def guard_not(test) = (yield unless test.call)
def new_io(name, mode = 'w:utf-8') = File.open(name, mode)
def evaluate(text) = eval(text)

